import TestSupport
import Testing
import WebPages

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
}
