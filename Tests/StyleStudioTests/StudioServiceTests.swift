import Foundation
import NN
import StyleTransfer
import TestSupport
import Testing

@testable import StyleStudio

/// What the studio answers, and to whom.
@Suite("Studio service", .serialized)
struct StudioServiceTests {
  private static let host = "127.0.0.1:8377"

  private static func service(token: String? = nil, hosts: Set<String> = [host]) throws -> StudioService {
    StudioService(try Studio(network: VGG19.cached()), hosts: hosts, token: token)
  }

  private static func request(_ line: String, _ headers: [String: String] = [:]) throws -> HTTPRequest {
    let fields = ["Host": host].merging(headers) { $1 }.map { "\($0): \($1)" }
    return try HTTPRequest(head: Array(([line + " HTTP/1.1"] + fields).joined(separator: "\r\n").utf8))
  }

  private static func key(_ service: StudioService) throws -> String {
    let page = String(decoding: service.respond(to: try request("GET /"), body: []).body, as: UTF8.self)
    return String(try #require(page.firstMatch(of: /name="impasto-key" content="([^"]+)"/)).1)
  }

  @Test("only the page's own requests, for the address that was printed, are answered")
  func guards() throws {
    let service = try Self.service()
    let key = try Self.key(service)
    func status(_ headers: [String: String], _ line: String = "GET /api/state") throws -> Int {
      service.respond(to: try Self.request(line, headers), body: []).status
    }
    #expect(try status(["X-Impasto-Key": key]) == 200)
    #expect(
      try status(["X-Impasto-Key": key, "Origin": "http://\(Self.host)", "Sec-Fetch-Site": "same-origin"])
        == 200)
    #expect(try status([:]) == 403)
    #expect(try status(["X-Impasto-Key": key + "x"]) == 403)
    #expect(try status(["X-Impasto-Key": ""]) == 403)
    #expect(try status(["X-Impasto-Key": key, "Origin": "http://evil.example"]) == 403)
    #expect(try status(["X-Impasto-Key": key, "Origin": "null"]) == 403)
    #expect(try status(["X-Impasto-Key": key, "Sec-Fetch-Site": "cross-site"]) == 403)
    #expect(try status(["X-Impasto-Key": key, "Host": "evil.example:8377"]) == 403)
    #expect(try status(["X-Impasto-Key": key, "Host": "localhost:8377"]) == 403)
    // The page itself: by a link, but not into another page's script.
    #expect(try status(["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"], "GET /") == 200)
    #expect(try status(["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"], "GET /") == 403)
    #expect(try status(["X-Impasto-Key": key], "DELETE /api/state") == 405)
    #expect(try status(["X-Impasto-Key": key], "GET /api/nothing") == 404)
    #expect(try status([:], "GET /../../etc/passwd") == 404)
  }

  @Test("no body is taken from whoever is refused, and no more than its kind needs from others")
  func bodies() throws {
    let service = try Self.service()
    let key = try Self.key(service)
    func limit(_ line: String, _ headers: [String: String]) throws -> Int {
      service.bodyLimit(try Self.request(line, headers))
    }
    #expect(try limit("POST /api/pictures", [:]) == 0)
    #expect(try limit("POST /api/pictures", ["X-Impasto-Key": key, "Origin": "http://a"]) == 0)
    #expect(try limit("GET /api/state", ["X-Impasto-Key": key]) == 0)
    #expect(try limit("POST /api/pictures", ["X-Impasto-Key": key]) == StudioPicture.byteLimit)
    #expect(try limit("POST /api/change", ["X-Impasto-Key": key]) == 65_536)
  }

  @Test("with a token the page is for whoever brings it")
  func token() throws {
    let service = try Self.service(token: "correct-horse-battery", hosts: [])
    func status(_ line: String) throws -> Int { service.respond(to: try Self.request(line), body: []).status }
    #expect(try status("GET /?token=correct-horse-battery") == 200)
    #expect(try status("GET /") == 403)
    #expect(try status("GET /?token=correct-horse-batterz") == 403)
    #expect(try status("GET /?token=correct-horse-battery-and-more") == 403)
    #expect(try status("GET /studio.js") == 200)
  }

  @Test(
    "texts are equal when all their bytes are",
    arguments: [
      ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("", "a", false),
      ("abc", "abcd", false),
      ("abcd", "abc", false), ("ä", "a", false),
    ])
  func equality(_ a: String, _ b: String, _ isEqual: Bool) {
    #expect(StudioService.areEqual(a, b) == isEqual)
  }

  @Test("every answer has the browser refuse what is not the page's own")
  func headers() throws {
    let service = try Self.service()
    for line in ["GET /", "GET /studio.css", "GET /studio.js", "GET /api/state", "GET /nothing"] {
      let headers = service.respond(to: try Self.request(line), body: []).headers
      #expect(
        headers["Content-Security-Policy"]?.hasPrefix(
          "default-src 'none'; script-src 'self'; style-src 'self'") == true)
      #expect(headers["X-Content-Type-Options"] == "nosniff" && headers["Cache-Control"] == "no-store")
    }
  }

  @Test("the page names nothing of another host, and holds no script of its own")
  func page() throws {
    let service = try Self.service()
    for line in [
      "GET /", "GET /studio.css", "GET /studio.js", "GET /mask.js", "GET /show.js", "GET /icon.svg",
    ] {
      let response = service.respond(to: try Self.request(line), body: [])
      let text = String(decoding: response.body, as: UTF8.self)
      #expect(response.status == 200)
      #expect(!text.contains("{{") && !text.contains("https://"))
      #expect(text.replacing("http://www.w3.org/2000/svg", with: "").firstRange(of: "http://") == nil)
    }
    let page = String(decoding: service.respond(to: try Self.request("GET /"), body: []).body, as: UTF8.self)
    #expect(!page.contains("style=") && !page.contains("onclick") && !page.contains("<style"))
  }

  @Test("pictures come in with their size and settings, and what is none is told")
  func pictures() throws {
    let service = try Self.service()
    let key = try Self.key(service)
    func bring(_ bytes: [UInt8], _ name: String) throws -> (Int, [String: Any]) {
      let response = service.respond(
        to: try Self.request("POST /api/pictures?name=\(name)", ["X-Impasto-Key": key]), body: bytes)
      return (
        response.status, try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
      )
    }
    let castle = Array(
      try Data(contentsOf: FixtureFile.packageRoot.appending(path: "Examples/Images/castle.jpg")))
    let (status, told) = try bring(castle, "..%2F..%2Fetc%2Fcastle.jpg")
    #expect(status == 200 && told["name"] as? String == "castle.jpg" && told["width"] as? Int ?? 0 > 100)
    let image = service.respond(
      to: try Self.request("GET /api/image/\(told["id"] as? String ?? "")?side=64", ["X-Impasto-Key": key]),
      body: [])
    #expect(image.type == "image/jpeg" && PictureFormat(magicOf: image.body) == .jpeg)
    let (refused, error) = try bring(Array("no picture".utf8), "a.png")
    #expect(refused == 400 && (error["error"] as? String)?.contains("a.png") == true)
    #expect(try bring([], "a.png").0 == 400)
    let nothing = service.respond(
      to: try Self.request("GET /api/image/..%2F..", ["X-Impasto-Key": key]), body: [])
    #expect(nothing.status == 404)
  }

  @Test("a wish that makes no sense is told in a sentence")
  func wishes() throws {
    let service = try Self.service()
    let key = try Self.key(service)
    func begin(_ json: String) throws -> String {
      let response = service.respond(
        to: try Self.request("POST /api/begin", ["X-Impasto-Key": key]), body: Array(json.utf8))
      #expect(response.status == 400)
      return String(decoding: response.body, as: UTF8.self)
    }
    #expect(try begin("{").contains("no wish"))
    #expect(try begin(#"{"command": "transfer", "settings": {}}"#).contains("choose a photograph first"))
    #expect(
      try begin(#"{"command": "texture", "styles": ["x"], "settings": {}}"#).contains("choose it again"))
  }
}
