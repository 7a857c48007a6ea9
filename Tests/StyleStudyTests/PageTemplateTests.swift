import TestSupport
import Testing

@testable import StyleStudy

@Suite("Page template")
struct PageTemplateTests {
  @Test("gaps are filled wherever they are, and what fills them is not looked at again")
  func filling() {
    let template = PageTemplate("<p>{{name}}, {{a name}} {and} {{name}}</p>\n")
    #expect(template.names == ["name", "a name"])
    #expect(template(["name": "{{a name}}", "a name": "b"]) == "<p>{{a name}}, b {and} {{a name}}</p>")
    #expect(PageTemplate("{{a}}{{b}}")(["a": "", "b": "c"]) == "c")
    #expect(PageTemplate("plain\n\n")() == "plain\n")
  }

  @Test("a gap without a value, and a value without a gap, trap")
  func mistakes() async {
    await #expect(processExitsWith: .failure) { _ = PageTemplate("{{a}} {{b}}")(["a": "1"]) }
    await #expect(processExitsWith: .failure) { _ = PageTemplate("{{a}}")(["a": "1", "c": "2"]) }
  }

  @Test("the style sheet has no gaps and closes every brace")
  func styleSheet() {
    let text = PageTemplate.styleSheet()
    #expect(PageTemplate.styleSheet.names.isEmpty)
    #expect(text.hasPrefix(":root {") && text.hasSuffix("}"))
    #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
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
