import Foundation
import ImpastoPlatform
import StyleTransfer

/// What is to be done where the addresses of the process are limited, as by `ulimit -v` and by batch systems.
enum LimitedAddresses {
  /// Where they are limited, starts the program again in the same process so that OpenBLAS starts no threads of its own.
  ///
  /// It does so as it is loaded, before any of our code runs, a thread a core, each with a buffer of 128 MiB. We never
  /// use them; and a thread that cannot have its buffer asks for it for ever.
  static func startAgainWithOneBLASThread() {
    let variable = "OPENBLAS_NUM_THREADS"
    guard AddressSpace.isLimited, getenv(variable) == nil else { return }
    setenv(variable, "1", 1)
    // Where it fails, what is then found says so.
    execv("/proc/self/exe", CommandLine.unsafeArgv)
  }

  /// Refuses a process that has hardly more addresses than its libraries take.
  static func check() throws(StyleTransferError) {
    guard let left = AddressSpace.left() else { return }
    let least = AddressSpace.aside(threads: 1)
    guard left < least else { return }
    throw StyleTransferError(
      .badData,
      "the limit of addresses (ulimit -v or -d) leaves \(ByteCount(left)), and at least \(ByteCount(least)) are needed; "
        + "raise the limit")
  }
}
