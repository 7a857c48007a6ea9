import WebPages

extension PageTemplate {
  /// The whole page around its sections.
  static let frame = PageTemplate(PackageResources.frame_html)
  /// What it all looks like. Text sits in a narrow column, pictures and charts in a wide one; every colour pair has a
  /// contrast of 4.5 or more in both schemes.
  static let styleSheet = PageTemplate(PackageResources.study_css)
  /// What opens pictures over the page.
  static let script = PageTemplate(PackageResources.study_js)
  /// The claims with their verdicts, at the top.
  static let summary = PageTemplate(PackageResources.summary_html)
  /// That pictures are missing.
  static let trouble = PageTemplate(PackageResources.trouble_html)
  /// A numbered section around its body and its findings.
  static let section = PageTemplate(PackageResources.section_html)

  static let reconstruction = PageTemplate(PackageResources.reconstruction_html)
  static let seeds = PageTemplate(PackageResources.seeds_html)
  static let texture = PageTemplate(PackageResources.texture_html)
  static let losses = PageTemplate(PackageResources.losses_html)
  static let transfer = PageTemplate(PackageResources.transfer_html)
  /// The charts of all runs.
  static let curves = PageTemplate(PackageResources.curves_html)
  /// The table of all runs and their commands.
  static let runs = PageTemplate(PackageResources.runs_html)
}
