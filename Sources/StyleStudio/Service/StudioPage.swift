import Foundation
import StyleTransfer
import WebPages

/// The page's own files, which are a part of the program.
enum StudioPage {
  private static let frame = PageTemplate(PackageResources.studio_html)

  /// - Parameter key: What the page's requests bring.
  static func page(key: String) -> HTTPResponse {
    let html = frame(["key": HTML.escaped(key), "version": Version.current])
    return HTTPResponse(type: "text/html; charset=utf-8", body: Array(html.utf8))
  }

  static var styleSheet: HTTPResponse {
    HTTPResponse(type: "text/css; charset=utf-8", body: PackageResources.studio_css)
  }

  /// The script of that name; `nil` where there is none.
  static func script(_ name: String) -> HTTPResponse? {
    let scripts = [
      "studio.js": PackageResources.studio_js, "mask.js": PackageResources.mask_js,
      "show.js": PackageResources.show_js,
    ]
    return scripts[name].map { HTTPResponse(type: "text/javascript; charset=utf-8", body: $0) }
  }

  static var icon: HTTPResponse { HTTPResponse(type: "image/svg+xml", body: PackageResources.icon_svg) }

  /// A preset as the page shows it.
  struct Table: Encodable {
    let name: String
    let kind: Recipe.Kind
    let summary: String
    let settings: [String: SettingValue]
  }

  static let presets = Preset.allCases.map { preset in
    Table(
      name: preset.rawValue, kind: preset.kind, summary: preset.summary,
      settings: SettingValue.settings(preset.table))
  }
}
