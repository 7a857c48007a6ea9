import TestSupport
import Testing
import WebPages

@testable import StyleStudy

@Suite("The study's templates")
struct StudyTemplateTests {
  @Test("the style sheet has no gaps and closes every brace")
  func styleSheet() {
    let text = PageTemplate.styleSheet()
    #expect(PageTemplate.styleSheet.names.isEmpty)
    #expect(text.hasPrefix(":root {") && text.hasSuffix("}"))
    #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
  }

  @Test("a run's command names every setting that the run changes")
  func commands() {
    let plan = StudyPlan(content: "a.png", style: "b.png", size: 64, effort: .quick)
    for run in plan.runs(StudySection.allCases) {
      let settings = Mirror(reflecting: run.changes).children.count { setting in
        Mirror(reflecting: setting.value).children.first != nil
      }
      let flags = run.commandLine(output: "o").split(separator: " ").count { $0.hasPrefix("--") }
      #expect(flags == settings, "\(run.commandLine(output: "o"))")
    }
  }

  @Test("a page of which nothing is made yet is whole, and says what is missing")
  func emptyPage() {
    var results = StudyResults(
      content: "a & <b>.png", style: "c.png", size: 64, width: 64, height: 48, quick: true,
      weightsSHA256: "")
    results.sections = StudySection.allCases
    let plan = StudyPlan(content: results.content, style: results.style, size: 64, effort: .quick)
    results.runs = plan.runs(StudySection.allCases).map {
      .init(name: $0.name, title: $0.title, command: $0.commandLine(output: "o"), state: .missing)
    }
    let html = StudyPage(results: results, plan: plan, logs: [:]).html
    #expect(html.hasPrefix("<!DOCTYPE html>\n") && html.hasSuffix("</html>\n"))
    #expect(!html.contains("{{") && !html.contains("}}"))
    #expect(!html.contains("<b>.png") && html.contains("The content picture, a &amp; &lt;b&gt;.png"))
    #expect(html.contains("\(results.runs.count) of \(results.runs.count) pictures are missing"))
    for section in StudySection.allCases.map(\.rawValue) + ["summary", "curves", "runs"] {
      #expect(html.contains("<section id=\"\(section)\" aria-labelledby=\"\(section)-title\">"))
      #expect(html.contains("<h2 id=\"\(section)-title\">"))
    }
  }
}
