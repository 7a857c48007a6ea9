import Foundation
import StyleTransfer

/// A studio as it is reached from a browser: which requests there are, who may make them, and what they come to.
///
/// A page of another site that the same browser shows can send requests here as well, and a name that it owns can be
/// made to mean this machine. So every request has to be for the address that the studio said (`Host`), from its own
/// page (`Origin` and `Sec-Fetch-Site`, where the browser tells them), and to have the key that is in that page, which
/// no other page can read.
package struct StudioService: HTTPHandler {
  private let studio: Studio
  /// In the page, and in every request of it; made anew with every start.
  private let key: String
  /// What opens the page from another machine; `nil` where only this one can reach it.
  private let token: String?
  /// What `Host` may be.
  private let hosts: Set<String>
  /// What the page begins with.
  private let opening: StudioOpening

  /// - Parameters:
  ///   - hosts: The names and addresses that the page has, each with its port; empty where only the token counts.
  ///   - token: What the page's address has to bring; `nil` for nothing.
  package init(_ studio: Studio, hosts: Set<String>, token: String?, opening: StudioOpening = .init()) {
    (self.studio, self.hosts, self.token, self.opening) = (studio, hosts, token, opening)
    var generator = SystemRandomNumberGenerator()
    key = (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }.joined()
  }

  package func bodyLimit(_ request: HTTPRequest) -> Int {
    guard request.method == "POST", refusal(request) == nil else { return 0 }
    switch request.path {
    case "/api/pictures": return StudioPicture.byteLimit
    case "/api/mask": return 16 << 20
    default: return 64 << 10
    }
  }

  package func respond(to request: HTTPRequest, body: [UInt8]) -> HTTPResponse {
    var response: HTTPResponse
    if let refusal = refusal(request) {
      response = refusal
    } else {
      do { response = try answer(request, body) } catch {
        response = Self.json(400, ["error": "\(error)"])
      }
    }
    for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
    return response
  }

  /// What every answer says to the browser: nothing from elsewhere, nothing into other pages, nothing kept.
  private static let headers = [
    "Content-Security-Policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
      + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
  ]

  // MARK: - Who may ask

  private func refusal(_ request: HTTPRequest) -> HTTPResponse? {
    let host = request.headers["host"] ?? ""
    guard !host.isEmpty, hosts.isEmpty || hosts.contains(host) else {
      return .text(403, "The studio is not at the address '\(host.prefix(80))'; use the one that it printed.")
    }
    if let origin = request.headers["origin"], origin != "http://\(host)" {
      return .text(403, "Requests of other pages are not answered.")
    }
    if let site = request.headers["sec-fetch-site"], site != "same-origin", site != "none" {
      // A link to the page is not a request of another page: what it opens, that one cannot read.
      let isLink =
        request.method == "GET" && request.path == "/" && request.headers["sec-fetch-mode"] == "navigate"
      if !isLink { return .text(403, "Requests of other pages are not answered.") }
    }
    if request.path.hasPrefix("/api/") {
      guard Self.areEqual(request.headers["x-impasto-key"] ?? "", key) else {
        return .text(403, "The studio was started again since; load the page anew.")
      }
    } else if request.path == "/", let token {
      guard Self.areEqual(request.query["token"] ?? "", token) else {
        return .text(403, "The token is missing or another; use the whole address that the studio printed.")
      }
    }
    return nil
  }

  /// Compares in a time that tells nothing of where two texts differ.
  static func areEqual(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var difference = UInt(bitPattern: a.count ^ b.count)
    for index in b.indices { difference |= UInt(b[index] ^ (index < a.count ? a[index] : ~b[index])) }
    return difference == 0
  }

  // MARK: - What is asked

  private func answer(_ request: HTTPRequest, _ body: [UInt8]) throws -> HTTPResponse {
    let method = request.method == "HEAD" ? "GET" : request.method
    switch (method, request.path) {
    case ("GET", "/"): return StudioPage.page(key: key)
    case ("GET", "/studio.css"): return StudioPage.styleSheet
    case ("GET", let path) where path.hasSuffix(".js"):
      return StudioPage.script(String(path.dropFirst())) ?? .text(404, "There is nothing here.")
    case ("GET", "/icon.svg"): return StudioPage.icon
    case ("GET", "/api/presets"): return Self.json(200, StudioPage.presets)
    case ("GET", "/api/opening"): return Self.json(200, opening)
    case ("GET", "/api/state"):
      let number = { (name: String) in Int(request.query[name] ?? "") ?? 0 }
      // A page that knows all there is waits for news, so that it need not ask all the time.
      studio.wait(newerThan: number("version"), seconds: 1)
      return Self.json(200, studio.told(path: number("path"), after: max(0, number("points"))))
    case ("GET", "/api/frame"):
      guard let frame = try studio.frame(longestSide: Self.side(request)) else {
        return .text(404, "There is no picture yet.")
      }
      return HTTPResponse(type: "image/jpeg", body: frame.jpeg, headers: ["X-Frame": "\(frame.number)"])
    case ("GET", "/api/picture.png"): return try png(request)
    case ("GET", "/api/mask.png"):
      guard let mask = try studio.maskPNG() else { return .text(404, "There is no mask.") }
      return HTTPResponse(type: "image/png", body: mask)
    case ("GET", let path) where path.hasPrefix("/api/image/"):
      let name = String(path.dropFirst("/api/image/".count))
      guard let jpeg = try studio.image(name, longestSide: Self.side(request)) else {
        return .text(404, "There is no such picture.")
      }
      return HTTPResponse(type: "image/jpeg", body: jpeg)
    case ("POST", "/api/pictures"): return try bring(request, body)
    case ("POST", "/api/begin"): return try done { try studio.begin(StudioWish(json: body)) }
    case ("POST", "/api/change"): return try done { try studio.change(to: StudioWish(json: body)) }
    case ("POST", "/api/back"):
      return try done { try studio.back(to: Int(request.query["node"] ?? "") ?? -1) }
    case ("POST", "/api/mask"): return try done { try keep(request, body) }
    case ("POST", "/api/pause"): return done { studio.pause() }
    case ("POST", "/api/resume"): return done { studio.resume() }
    case ("POST", "/api/stop"): return done { studio.stop() }
    case ("POST", "/api/clear"): return done { studio.clearQueue() }
    case ("GET", _), ("POST", _): return .text(404, "There is nothing here.")
    default: return .text(405, "Only GET and POST are answered.")
    }
  }

  private func done(_ body: () throws -> Void) rethrows -> HTTPResponse {
    try body()
    return HTTPResponse(204, type: "text/plain", body: [])
  }

  /// The longer side that a page has room for.
  private static func side(_ request: HTTPRequest) -> Int {
    min(max(Int(request.query["side"] ?? "") ?? 1024, 16), 2048)
  }

  private func png(_ request: HTTPRequest) throws -> HTTPResponse {
    let depth: PictureEncoding.BitDepth = request.query["bits"] == "16" ? .sixteen : .eight
    guard let png = try studio.png(node: request.query["node"].flatMap { Int($0) }, bitDepth: depth) else {
      return .text(404, "There is no picture yet.")
    }
    return HTTPResponse(
      type: "image/png", body: png, headers: ["Content-Disposition": "attachment; filename=\"impasto.png\""])
  }

  private struct Brought: Encodable {
    let id: String
    let name: String
    let width: Int
    let height: Int
    /// What a picture of impasto was made with.
    var settings: [String: SettingValue]?
    /// Those of the pictures that it was made from which are here already.
    var content: String?
    var styles: [String]?
    var mask: String?
  }

  private func bring(_ request: HTTPRequest, _ body: [UInt8]) throws -> HTTPResponse {
    let picture = try studio.bring(body, name: request.query["name"] ?? "")
    var brought = Brought(
      id: picture.id, name: picture.name, width: picture.picture.width, height: picture.picture.height)
    if let settings = picture.settings,
      let values = try? JSONDecoder().decode([String: SettingValue].self, from: Data(settings.utf8))
    {
      func known(_ value: SettingValue?) -> String? {
        if case .text(let digest)? = value { studio.known(sha256: digest)?.id } else { nil }
      }
      brought.settings = values
      brought.content = known(values["content-sha256"])
      brought.mask = known(values["mask-sha256"])
      if case .list(let digests)? = values["style-sha256"] {
        brought.styles = digests.map { known($0) ?? "" }
      }
    }
    return Self.json(200, brought)
  }

  private func keep(_ request: HTTPRequest, _ body: [UInt8]) throws {
    if body.isEmpty { return try studio.keep(nil, ofContent: false) }
    let mask = try Picture(decoding: body, path: "the mask")
    guard mask.width * mask.height <= 4_200_000 else {
      throw StyleTransferError(
        .badData, "the mask has \(mask.width)×\(mask.height) pixels; 4 million are enough")
    }
    try studio.keep(mask, ofContent: request.query["of"] == "content")
  }

  private static func json(_ status: Int, _ value: some Encodable) -> HTTPResponse {
    let bytes = (try? JSONEncoder.sorted().encode(value)).map(Array.init) ?? Array("{}".utf8)
    return HTTPResponse(status, type: "application/json", body: bytes)
  }
}

/// What a page begins with: the pictures that the command named.
package struct StudioOpening: Encodable, Sendable {
  package var content: StudioState.Source?
  package var styles: [StudioState.Source] = []

  package init() {}

  package init(content: StudioPicture?, styles: [StudioPicture]) {
    self.content = content.map(StudioState.Source.init)
    self.styles = styles.map(StudioState.Source.init)
  }
}
