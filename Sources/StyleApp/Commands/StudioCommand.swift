import ArgumentParser
import Foundation
import StyleStudio
import StyleTransfer

/// `impasto studio`: a page in the browser, where a picture is seen and changed while it is painted.
struct StudioCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "studio",
    abstract: "Paint in a page of the browser, and change settings while it paints.",
    discussion: """
      The page is served by this program, to this machine alone, and pictures go nowhere else. The run is the program's: a \
      page that is closed or loaded anew finds it again. Ctrl-C ends it, and what was not saved is lost.
      """)

  @Option(help: ArgumentHelp("The photograph to begin with.", valueName: "picture"))
  var content: String?

  @Option(help: ArgumentHelp("A painting to begin with; may be given several times.", valueName: "picture"))
  var style: [String] = []

  @Option(help: ArgumentHelp("The port to listen on; 0 takes one that is free.", valueName: "n"))
  var port: UInt16 = 8377

  @Option(
    help: ArgumentHelp(
      "The address to listen on, for other machines, together with --token (default: 127.0.0.1).",
      valueName: "address"))
  var host: String?

  @Option(
    help: ArgumentHelp(
      "What the page's address has to bring; at least 16 letters and digits.", valueName: "secret"))
  var token: String?

  @Flag(name: .customLong("no-open"), help: "Do not open the page in the browser.")
  var staysClosed = false

  @Option(
    help: ArgumentHelp(
      "Refuse a picture that would need more memory, such as 800M or 2G (default: what the machine has free).",
      valueName: "size"))
  var memoryLimit: ByteCount?

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if let host, token == nil {
      throw ValidationError(
        "--host \(host): give a --token as well, since everybody who reaches the address could use the studio"
      )
    }
    if let token {
      guard token.utf8.count >= 16,
        token.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
      else { throw ValidationError("--token: at least 16 letters and digits are needed") }
    }
  }

  func run() throws {
    let studio = try Studio(network: machine.loadNetwork(), memoryLimit: memoryLimit)
    let opening = try StudioOpening(
      content: content.map { try bring($0, to: studio) }, styles: style.map { try bring($0, to: studio) })
    let relay = Relay()
    let server: HTTPServer
    do { server = try HTTPServer(host: host ?? "127.0.0.1", port: port, handler: relay) } catch {
      throw StyleTransferError(.cannotWrite, "\(error)")
    }
    var hosts: Set<String> = ["127.0.0.1:\(server.port)", "localhost:\(server.port)"]
    if let host { hosts = host == "0.0.0.0" ? [] : ["\(host):\(server.port)"] }
    relay.service = StudioService(studio, hosts: hosts, token: token, opening: opening)
    let interruption = Interruption()
    studio.start()
    server.start()
    var address = "http://\(host ?? "127.0.0.1"):\(server.port)/"
    if let token { address += "?token=\(token)" }
    // Not print, which keeps it back where nobody watches.
    FileHandle.standardOutput.write(Data("The studio is at \(address) until Ctrl-C.\n".utf8))
    if !staysClosed, host == nil { open(address) }
    while !interruption.isRequested { usleep(100_000) }
    server.close()
    studio.close()
  }

  private func bring(_ path: String, to studio: Studio) throws -> StudioPicture {
    let bytes: [UInt8]
    do { bytes = Array(try Data(contentsOf: URL(filePath: path))) } catch {
      throw StyleTransferError(.missingInput, "cannot read '\(path)': \(error.localizedDescription)")
    }
    return try studio.bring(bytes, name: (path as NSString).lastPathComponent)
  }

  /// Asks the desktop to show the page; where there is none, the address was printed.
  private func open(_ address: String) {
    #if os(macOS)
      let program = "/usr/bin/open"
    #else
      let program = "/usr/bin/xdg-open"
      let environment = ProcessInfo.processInfo.environment
      guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
    #endif
    guard FileManager.default.isExecutableFile(atPath: program) else { return }
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = [address]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try? process.run()
  }
}

/// Hands requests on to the service, which is made when the server's port is known.
private final class Relay: HTTPHandler, @unchecked Sendable {
  /// Set before the server starts, and never again.
  var service: StudioService!

  func bodyLimit(_ request: HTTPRequest) -> Int { service.bodyLimit(request) }
  func respond(to request: HTTPRequest, body: [UInt8]) -> HTTPResponse {
    service.respond(to: request, body: body)
  }
}
