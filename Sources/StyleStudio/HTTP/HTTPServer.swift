import Foundation
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A server of HTTP/1.1 for a handful of pages of one person: a thread a connection, and limits on everything.
///
/// It is as small as that because it has to be strict: what it refuses it does not read on from. A connection whose
/// request was refused before its body was read is closed; if it were kept, that body, which a page of another site
/// can choose, would be taken for the next request, with headers of its own. It needs no dependency, so that whoever
/// takes the libraries fetches none.
package final class HTTPServer: Sendable {
  private let handler: any HTTPHandler
  private let listener: CInt
  private let connections = Mutex<Set<CInt>>([])
  private let isClosed = Atomic<Bool>(false)
  /// The port that it listens on.
  package let port: UInt16

  /// Connections at once; a browser opens six.
  private static let connectionLimit = 64
  /// How long a client may be silent in a request, and between two.
  private static let patience = 30

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - host: An IPv4 address, or a name that has one.
  ///   - port: 0 for one that is free.
  /// - Throws: ``ListeningError``.
  package init(host: String, port: UInt16, handler: any HTTPHandler) throws {
    self.handler = handler
    var hints = addrinfo()
    hints.ai_family = AF_INET
    #if canImport(Darwin)
      hints.ai_socktype = SOCK_STREAM
    #else
      hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
      throw ListeningError(host: host, port: port, reason: "the name has no IPv4 address")
    }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
    var yes: CInt = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    guard descriptor >= 0, bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
      listen(descriptor, 32) == 0
    else {
      let reason = String(cString: strerror(errno))
      systemClose(descriptor)
      throw ListeningError(host: host, port: port, reason: reason)
    }
    listener = descriptor
    var own = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &own) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    self.port = UInt16(bigEndian: own.sin_port)
  }

  /// Why a server cannot listen.
  package struct ListeningError: Error, CustomStringConvertible {
    let host: String
    let port: UInt16
    let reason: String

    package var description: String {
      "cannot listen on \(host), port \(port): \(reason); choose another --port"
    }
  }

  /// Answers requests until ``close()``; returns at once.
  package func start() {
    Thread.detachNewThread { [self] in
      while !isClosed.load(ordering: .acquiring) {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else {
          // Out of descriptors: wait for one.
          if errno == EMFILE || errno == ENFILE { usleep(100_000) }
          continue
        }
        let isWelcome = connections.withLock {
          $0.count < Self.connectionLimit && $0.insert(descriptor).inserted
        }
        guard isWelcome else {
          systemClose(descriptor)
          continue
        }
        Thread.detachNewThread { [self] in
          serve(descriptor)
          connections.withLock { _ = $0.remove(descriptor) }
          systemClose(descriptor)
        }
      }
    }
  }

  /// Stops to listen, and ends the connections that there are.
  package func close() {
    if isClosed.exchange(true, ordering: .acquiringAndReleasing) { return }
    shutdown(listener, CInt(SHUT_RDWR))
    systemClose(listener)
    connections.withLock { for descriptor in $0 { shutdown(descriptor, CInt(SHUT_RDWR)) } }
  }

  // MARK: - A connection

  private func serve(_ descriptor: CInt) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var timeout = timeval(tv_sec: Self.patience, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }
    var yes: CInt = 1
    setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<CInt>.size))
    var connection = HTTPConnection(descriptor: descriptor)
    while !isClosed.load(ordering: .acquiring), answer(&connection) {}
    // What is still on its way is let in and thrown away for a moment: a connection that is closed before it came would
    // take the answer with it.
    shutdown(descriptor, CInt(SHUT_WR))
    connection.drain(seconds: 3)
  }

  /// Answers a request; `false` when the connection is over.
  private func answer(_ connection: inout HTTPConnection) -> Bool {
    let request: HTTPRequest
    do {
      guard let head = try connection.head() else { return false }
      request = try HTTPRequest(head: head)
    } catch {
      let status =
        error is HTTPConnection.TooLong ? 431 : (error as? HTTPRequest.Malformed) == .length ? 411 : 400
      _ = connection.write(
        HTTPResponse.text(status, "This is no request that is understood.").encoded(
          keepsOpen: false, isHead: false))
      return false
    }
    let limit = handler.bodyLimit(request)
    guard request.contentLength <= limit else {
      let response =
        limit == 0
        ? handler.respond(to: request, body: []) : .text(413, "At most \(limit / 1_000_000) MB are taken.")
      _ = connection.write(response.encoded(keepsOpen: false, isHead: request.method == "HEAD"))
      return false
    }
    if request.headers["expect"]?.lowercased() == "100-continue" {
      guard connection.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return false }
    }
    guard let body = connection.body(request.contentLength) else { return false }
    let response = handler.respond(to: request, body: body)
    let bytes = response.encoded(keepsOpen: request.isPersistent, isHead: request.method == "HEAD")
    return connection.write(bytes) && request.isPersistent
  }
}

/// Bytes of one connection.
private struct HTTPConnection {
  let descriptor: CInt
  /// Read, and not used yet.
  private var buffer: [UInt8] = []

  /// A head that does not end.
  struct TooLong: Error {}

  init(descriptor: CInt) { self.descriptor = descriptor }

  /// The lines of the next request before its body; `nil` when there is none.
  mutating func head() throws -> [UInt8]? {
    let end: [UInt8] = [13, 10, 13, 10]
    var searched = 0
    while true {
      if let range = buffer[searched...].firstRange(of: end) {
        let head = Array(buffer[..<range.lowerBound])
        buffer.removeSubrange(..<range.upperBound)
        return head
      }
      searched = max(0, buffer.count - 3)
      if buffer.count > HTTPRequest.headLimit { throw TooLong() }
      guard read(4096) else { return nil }
    }
  }

  /// A body of that length; `nil` when the client went away before.
  mutating func body(_ count: Int) -> [UInt8]? {
    while buffer.count < count {
      guard read(min(count - buffer.count, 1 << 20)) else { return nil }
    }
    let body = Array(buffer[..<count])
    buffer.removeSubrange(..<count)
    return body
  }

  /// Throws away what comes, until nothing does.
  mutating func drain(seconds: Int) {
    var timeout = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let end = ContinuousClock.now + .seconds(seconds)
    repeat { buffer.removeAll(keepingCapacity: true) } while ContinuousClock.now < end && read(1 << 16)
  }

  private mutating func read(_ count: Int) -> Bool {
    var chunk = [UInt8](repeating: 0, count: count)
    var got = recv(descriptor, &chunk, count, 0)
    while got < 0 && errno == EINTR { got = recv(descriptor, &chunk, count, 0) }
    guard got > 0 else { return false }
    buffer += chunk[..<got]
    return true
  }

  /// Whether all of it went out.
  func write(_ bytes: [UInt8]) -> Bool {
    #if canImport(Darwin)
      let flags: CInt = 0
    #else
      let flags = CInt(MSG_NOSIGNAL)
    #endif
    var sent = 0
    return bytes.withUnsafeBytes { bytes in
      while sent < bytes.count {
        let count = send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, flags)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }
}

/// `close` of the system, which ``HTTPServer/close()`` hides.
private func systemClose(_ descriptor: CInt) {
  #if canImport(Darwin)
    _ = Darwin.close(descriptor)
  #else
    _ = Glibc.close(descriptor)
  #endif
}
