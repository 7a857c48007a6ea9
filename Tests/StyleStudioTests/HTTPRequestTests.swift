import Foundation
import Testing

@testable import StyleStudio

@Suite("HTTP requests")
struct HTTPRequestTests {
  private static func request(_ lines: String...) throws -> HTTPRequest {
    try HTTPRequest(head: Array(lines.joined(separator: "\r\n").utf8))
  }

  @Test("a request line, its query and its fields are read")
  func plain() throws {
    let request = try Self.request(
      "POST /api/pictures?name=a%20b%2F%C3%A4.png&x&name=c HTTP/1.1", "Host: 127.0.0.1:80",
      "Content-Length: 12",
      "X-Two:  a ", "x-two: b")
    #expect(request.method == "POST" && request.path == "/api/pictures")
    #expect(request.query == ["name": "a b/ä.png", "x": ""])
    #expect(request.headers["host"] == "127.0.0.1:80" && request.headers["x-two"] == "a, b")
    #expect(request.contentLength == 12 && request.isPersistent)
  }

  @Test("a connection is kept only where both sides know how")
  func persistence() throws {
    #expect(try !Self.request("GET / HTTP/1.0", "Host: a", "Connection: keep-alive").isPersistent)
    #expect(try !Self.request("GET / HTTP/1.1", "Host: a", "Connection: Close").isPersistent)
  }

  @Test(
    "what could be understood in two ways is refused",
    arguments: [
      ["GET / HTTP/1.1", "Host: a", "Host: b"], ["GET / HTTP/1.1", "Origin: a", "origin: b"],
      ["POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"],
      ["POST / HTTP/1.1", "Content-Length: -1"],
      ["POST / HTTP/1.1", "Content-Length: 1,1"],
      ["POST / HTTP/1.1", "Content-Length: 99999999999999999999"],
      ["POST / HTTP/1.1", "Transfer-Encoding: chunked"], ["GET / HTTP/2"], ["GET  / HTTP/1.1"],
      ["GET / HTTP/1.1 x"],
      ["get / HTTP/1.1"], ["GET http://a/ HTTP/1.1"], ["GET / HTTP/1.1", "Host : a"],
      ["GET / HTTP/1.1", " folded"],
      ["GET / HTTP/1.1", "no colon"], [""], ["GET /\u{7F}\u{1} HTTP/1.1"],
    ])
  func refused(_ lines: [String]) {
    #expect(throws: HTTPRequest.Malformed.self) {
      try HTTPRequest(head: Array(lines.joined(separator: "\r\n").utf8))
    }
  }

  @Test("an answer has its length, and of HEAD the fields alone")
  func answers() {
    let response = HTTPResponse(type: "text/plain", body: Array("abc".utf8), headers: ["X-A": "b"])
    let text = String(decoding: response.encoded(keepsOpen: true, isHead: false), as: UTF8.self)
    #expect(
      text
        == "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\nContent-Type: text/plain\r\nX-A: b\r\n\r\nabc"
    )
    let head = String(decoding: response.encoded(keepsOpen: false, isHead: true), as: UTF8.self)
    #expect(
      head.contains("Content-Length: 3") && head.contains("Connection: close") && head.hasSuffix("\r\n\r\n"))
  }
}
