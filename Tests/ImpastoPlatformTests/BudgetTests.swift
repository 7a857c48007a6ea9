import Testing

@testable import ImpastoPlatform

@Suite("The budgets of cores and memory")
struct BudgetTests {
  @Test(
    "a quota is rounded up to whole cores",
    arguments: [
      ("max 100000", nil, nil), ("-1", "100000", nil), ("200000 100000\n", nil, 2), ("150000 100000", nil, 2),
      ("50000", "100000\n", 1), ("100001", "100000", 2), ("", nil, nil), ("100000 0", nil, nil),
    ] as [(String, String?, Int?)])
  func quotaInCores(quota: String, period: String?, expected: Int?) {
    #expect(CoreBudget.cores(quota: quota, period: period) == expected)
  }

  @Test("the affinity mask is counted in bits")
  func affinityMask() {
    let status = "Name:\tx\nCpus_allowed:\tff,00000003\nCpus_allowed_list:\t0-1,32-39\n"
    #expect(CoreBudget.coresInAffinityMask(status: status) == 10)
    #expect(CoreBudget.coresInAffinityMask(status: "Name:\tx\n") == nil)
  }

  @Test("the quotas of all enclosing groups are read, in both versions of the interface")
  func quotaFiles() {
    let version2 = Self.quotaFiles(membership: "0::/user/job\n").map(\.quota)
    #expect(
      version2 == [
        "/sys/fs/cgroup/user/job/cpu.max", "/sys/fs/cgroup/user/cpu.max", "/sys/fs/cgroup/cpu.max",
      ])
    let version1 = Self.quotaFiles(membership: "5:memory:/a\n4:cpu,cpuacct:/a\n")
    #expect(
      version1.map(\.quota) == [
        "/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
      ])
    #expect(version1.map(\.period).last == "/sys/fs/cgroup/cpu/cpu.cfs_period_us")
  }

  @Test("a container's limit of memory is found in its group and all around it, in either version")
  func memoryLimits() {
    let membership = "0::/a/b\n5:cpu,memory:/c\n6:cpuset:/d\n"
    #expect(
      ControlGroups.folders(limiting: "memory", membership: membership).map(MemoryBudget.limitFile) == [
        "/sys/fs/cgroup/a/b/memory.max", "/sys/fs/cgroup/a/memory.max", "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/c/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
      ])
    #expect(MemoryBudget.limit(text: "max\n") == nil)
    #expect(MemoryBudget.limit(text: "9223372036854771712\n") == nil)
    #expect(MemoryBudget.limit(text: "536870912\n") == 536_870_912)
    #expect(MemoryBudget.available(meminfo: "MemTotal: 9 kB\nMemAvailable:  2048 kB\n") == 2_097_152)
  }

  @Test("what is left of limited addresses is the limit less what is mapped, of the tighter of two")
  func addresses() {
    func left(_ addresses: String, _ data: String) -> Double? {
      AddressSpace.left(
        limits: "Limit                     Soft Limit           Hard Limit           Units\n"
          + "Max data size             \(data)            unlimited            bytes\n"
          + "Max address space         \(addresses)            unlimited            bytes\n",
        status: "Name:\tx\nVmPeak:\t  900 kB\nVmSize:\t  500 kB\nVmData:\t  100 kB\n")
    }
    #expect(left("unlimited", "unlimited") == nil)
    #expect(left("1024000", "unlimited") == 512_000)
    #expect(left("unlimited", "204800") == 102_400)
    #expect(left("1024000", "204800") == 102_400)
    #expect(left("1000", "unlimited") == 0)
    #expect(AddressSpace.left(limits: "", status: "") == nil)
    // Each thread reserves more than its buffer of OpenBLAS.
    #expect(AddressSpace.aside(threads: 3) - AddressSpace.aside(threads: 2) >= 0x1p27)
  }

  @Test("there is at least one core, and what may be used of the memory is not more than there is")
  func here() {
    #expect(CoreBudget.current() >= 1)
    #expect(MemoryBudget.current() > 0 && MemoryBudget.current() <= Double(MemoryBudget.physical))
  }

  @Test("a line that is none of a group's is passed over")
  func otherLines() {
    #expect(ControlGroups.folders(limiting: "cpu", membership: "").isEmpty)
    #expect(ControlGroups.folders(limiting: "cpu", membership: "nothing\n1:cpu\n").isEmpty)
  }

  private static func quotaFiles(membership: String) -> [(quota: String, period: String?)] {
    ControlGroups.folders(limiting: "cpu", membership: membership).map(CoreBudget.quotaFile)
  }
}
