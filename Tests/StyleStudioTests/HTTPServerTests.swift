import Foundation
import Synchronization
import Testing

@testable import StyleStudio

/// The server over real sockets.
@Suite("HTTP server", .serialized)
struct HTTPServerTests {
  /// Answers with what came in, and takes bodies of up to 1,000 bytes at `/body`.
  private final class Echo: HTTPHandler {
    let seen = Mutex<[String]>([])

    func bodyLimit(_ request: HTTPRequest) -> Int { request.path == "/body" ? 1000 : 0 }

    func respond(to request: HTTPRequest, body: [UInt8]) -> HTTPResponse {
      seen.withLock { $0.append("\(request.method) \(request.path)") }
      return .text(bodyLimit(request) < request.contentLength ? 403 : 200, "\(request.path) \(body.count)")
    }
  }

  private func withServer(_ body: (HTTPServer, Echo) throws -> Void) throws {
    let echo = Echo()
    let server = try HTTPServer(host: "127.0.0.1", port: 0, handler: echo)
    server.start()
    defer { server.close() }
    try body(server, echo)
  }

  /// All that comes back for some bytes, until the server closes or nothing more comes for a moment.
  private func exchange(_ port: UInt16, _ text: String) throws -> String {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0)
    var timeout = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let bytes = Array(text.utf8)
    _ = send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = recv(descriptor, &chunk, chunk.count, 0), count > 0 { answer += chunk[..<count] }
    return String(decoding: answer, as: UTF8.self)
  }

  @Test("several requests go over one connection, also when they come at once")
  func pipeline() throws {
    try withServer { server, echo in
      let answer = try exchange(
        server.port,
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345"
          + "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /c HTTP/1.1\r\n\r\n")
      #expect(echo.seen.withLock { $0 } == ["GET /a", "POST /body", "GET /b"])
      #expect(answer.contains("/body 5\n") && answer.hasSuffix("/b 0\n"))
    }
  }

  @Test("after a refusal nothing more is read: what a refused body has in it is no request")
  func smuggling() throws {
    try withServer { server, echo in
      let hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
      for head in [
        "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 0\r\n\r\n",
      ] {
        let answer = try exchange(server.port, head + hidden)
        #expect(answer.contains("Connection: close"))
        #expect(!answer.hasPrefix("HTTP/1.1 200"))
      }
      #expect(echo.seen.withLock { !$0.contains("GET /hidden") })
    }
  }

  @Test("a head that does not end is refused, and a client that goes away harms nobody")
  func endless() throws {
    try withServer { server, _ in
      let answer = try exchange(server.port, "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 40_000))
      #expect(answer.hasPrefix("HTTP/1.1 431"))
      _ = try exchange(server.port, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc")
      #expect(try exchange(server.port, "GET / HTTP/1.0\r\nHost: x\r\n\r\n").hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("a port that is taken, and a name that is none, are told")
  func listening() throws {
    try withServer { server, _ in
      let error = #expect(throws: HTTPServer.ListeningError.self) {
        try HTTPServer(host: "127.0.0.1", port: server.port, handler: Echo())
      }
      #expect(error?.description.contains("choose another --port") == true)
    }
    #expect(throws: HTTPServer.ListeningError.self) {
      try HTTPServer(host: "no such name.invalid", port: 0, handler: Echo())
    }
  }
}
