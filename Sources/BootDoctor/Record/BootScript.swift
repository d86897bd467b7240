/// BootDoctor: what an iPXE script says that it will fetch.

/// Only the lines that every script has in the open; variables and branches stay as they are.
package struct BootScript: Equatable, Sendable {
  package var kernel: String?
  package var arguments: String?
  package var initrds: [String] = []
  package var chains: [String] = []
  /// `sanboot`, `exit`: the machine is told to start from its disk, or to try the next entry.
  package var leavesNetwork = false
  /// `menu`, `prompt`, `shell`, `login`: a person decides.
  package var waitsForPerson = false
  /// `sleep`, `goto`: it may ask again on its own.
  package var repeats = false
  /// `dhcp`, `ifopen`.
  package var configuresNetwork = false
  /// The end was seen.
  package var isWhole: Bool

  package init(
    kernel: String? = nil, arguments: String? = nil, initrds: [String] = [],
    chains: [String] = [], leavesNetwork: Bool = false, isWhole: Bool = true
  ) {
    self.kernel = kernel
    self.arguments = arguments
    self.initrds = initrds
    self.chains = chains
    self.leavesNetwork = leavesNetwork
    self.isWhole = isWhole
  }

  package init(_ bytes: ArraySlice<UInt8>, isWhole: Bool) {
    self.isWhole = isWhole
    for line in bytes.prefix(8192).split(whereSeparator: { $0 == 10 || $0 == 13 }).prefix(256) {
      let words = line.split(whereSeparator: { $0 == 32 || $0 == 9 }).prefix(64)
        .map(ReceivedText.printable)
      if let command = words.first { read(command, Array(words.dropFirst())) }
    }
  }

  private mutating func read(_ command: String, _ words: [String]) {
    // Options come first: `kernel --name linux URL args`, `chain --replace URL`.
    var rest = words[...]
    while let word = rest.first, word.hasPrefix("-") {
      rest = rest.dropFirst()
      if !word.contains("="), ["--name", "-n", "--timeout", "-t"].contains(word) {
        rest = rest.dropFirst()
      }
    }
    let target = rest.first
    switch command {
    case "kernel", "imgselect":
      guard kernel == nil, let target else { return }
      kernel = target
      arguments = rest.dropFirst().joined(separator: " ")
    case "initrd", "module":
      if let target, initrds.count < 16 { initrds.append(target) }
    case "chain", "imgfetch", "imgexec", "boot":
      if let target, chains.count < 16, target.contains("/") || target.contains("$") {
        chains.append(target)
      }
    case "sanboot", "exit", "reboot", "poweroff": leavesNetwork = true
    case "menu", "prompt", "shell", "login", "choose", "read", "config": waitsForPerson = true
    case "sleep", "goto": repeats = true
    case "dhcp", "ifopen", "ifconf": configuresNetwork = true
    default: break
    }
  }

  /// Says that something is to be fetched.
  package var fetches: Bool { kernel != nil || !chains.isEmpty || !initrds.isEmpty }
}
