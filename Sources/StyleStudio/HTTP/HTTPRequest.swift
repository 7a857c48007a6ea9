import Foundation

/// A request as it came in, without its body, which is read when somebody wants it.
package struct HTTPRequest: Equatable, Sendable {
  /// `GET`, `POST` …
  package let method: String
  /// What stands before the question mark, with `%` sequences as they came.
  package let path: String
  /// The values behind the question mark, with `%` sequences resolved; of a name that comes twice the first.
  package let query: [String: String]
  /// Header fields by their names in small letters.
  package let headers: [String: String]
  /// The length of the body in bytes.
  package let contentLength: Int
  /// Whether the client would use the connection again.
  package let isPersistent: Bool

  /// The longest head that is read, in bytes.
  static let headLimit = 16_384

  /// Why a request is refused before anybody has looked at what it asks for.
  enum Malformed: Error, Equatable {
    case requestLine
    case header(String)
    /// A body without a length, or with more than one.
    case length
    case version
  }

  /// Reads the lines before a body.
  ///
  /// What is ambiguous is refused rather than understood in one of two ways: a second `Host`, `Origin` or length, a
  /// `Transfer-Encoding`, a line that goes on in the next one, a name with blanks.
  ///
  /// - Parameter head: The bytes before the empty line.
  init(head: some Collection<UInt8>) throws(Malformed) {
    let text = String(decoding: head, as: UTF8.self)
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
    let parts = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy({ $0.isASCII && $0.isUppercase }),
      parts[1].hasPrefix("/"), parts[1].allSatisfy({ $0.isASCII && $0 > " " })
    else { throw .requestLine }
    guard parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0" else { throw .version }
    method = String(parts[0])
    let target = parts[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(target[0])
    query = target.count > 1 ? Self.values(in: target[1]) : [:]
    var headers: [String: String] = [:]
    for line in lines {
      let field = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = field[0].lowercased()
      guard field.count == 2, !name.isEmpty,
        name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
      else { throw .header(String(line.prefix(40))) }
      let value = field[1].trimmingCharacters(in: .whitespaces)
      if let before = headers[name] {
        if ["host", "origin", "content-length", "transfer-encoding"].contains(name) { throw .header(name) }
        headers[name] = before + ", " + value
      } else {
        headers[name] = value
      }
    }
    self.headers = headers
    if headers["transfer-encoding"] != nil { throw .length }
    if let length = headers["content-length"] {
      guard length.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(length) else { throw .length }
      contentLength = count
    } else {
      contentLength = 0
    }
    let connection = (headers["connection"] ?? "").lowercased()
    isPersistent = parts[2] == "HTTP/1.1" && !connection.contains("close")
  }

  /// The values of a query, `a=1&b=two%20words`.
  private static func values(in query: Substring) -> [String: String] {
    var values: [String: String] = [:]
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = String(parts[0]).removingPercentEncoding,
        let value = (parts.count > 1 ? String(parts[1]) : "").removingPercentEncoding
      else { continue }
      if values[name] == nil { values[name] = value }
    }
    return values
  }
}

/// An answer.
package struct HTTPResponse: Equatable, Sendable {
  /// The number, such as 200.
  package var status: Int
  /// The kind of the body.
  package var type: String
  /// More header fields.
  package var headers: [String: String] = [:]
  package var body: [UInt8]

  package init(_ status: Int = 200, type: String, body: [UInt8], headers: [String: String] = [:]) {
    (self.status, self.type, self.body, self.headers) = (status, type, body, headers)
  }

  /// An answer in words.
  static func text(_ status: Int, _ sentence: String) -> HTTPResponse {
    HTTPResponse(status, type: "text/plain; charset=utf-8", body: Array((sentence + "\n").utf8))
  }

  private static let reasons = [
    200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 409: "Conflict", 411: "Length Required", 413: "Content Too Large",
    431: "Request Header Fields Too Large", 500: "Internal Server Error", 503: "Service Unavailable",
  ]

  /// The bytes that go over the wire.
  ///
  /// - Parameter keepsOpen: Whether another request may follow on the connection.
  func encoded(keepsOpen: Bool, isHead: Bool) -> [UInt8] {
    var fields = headers
    fields["Content-Type"] = type
    fields["Content-Length"] = "\(body.count)"
    fields["Connection"] = keepsOpen ? "keep-alive" : "close"
    let lines = fields.sorted { $0.key < $1.key }.map { "\($0): \($1)\r\n" }.joined()
    let head = "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Status")\r\n\(lines)\r\n"
    return Array(head.utf8) + (isHead ? [] : body)
  }
}

/// What a server answers with.
package protocol HTTPHandler: Sendable {
  /// The bytes of a body that a request may have; 0 refuses it before a byte of it is read.
  func bodyLimit(_ request: HTTPRequest) -> Int
  /// The answer to a request whose body was read.
  func respond(to request: HTTPRequest, body: [UInt8]) -> HTTPResponse
}
