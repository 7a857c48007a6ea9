import ArgumentParser

/// What a run would take, and what it may.
struct PlanOptions: ParsableArguments {
  @Flag(help: "Print the memory, operations and time that the run would take, and do not run.")
  var plan = false

  @Option(
    help: ArgumentHelp(
      "Refuse a run that would need more memory, such as 800M or 2G (default: what the machine has free).",
      valueName: "size"))
  var memoryLimit: ByteCount?
}
