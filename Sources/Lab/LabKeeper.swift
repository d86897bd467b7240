/// Lab: takes a laboratory down, whatever became of the process that built it.

internal import FoundationEssentials
internal import Glibc

/// A small process that holds the reading end of a pipe. Its end means that the laboratory is over:
/// we closed our end in `stop()`, or were killed. All processes of a laboratory live in its
/// namespaces, also those that BMCs started, so emptying these ends exactly them.
struct LabKeeper: Sendable {
  private let laboratory: String
  private let directory: String
  private let keepFiles: Bool
  private let process: ChildProcess
  private let leash: Int32

  /// $1 name of the laboratory, $2 its directory, $3 `wait` for the end of standard input first,
  /// $4 `keep` the directory.
  private static let script = #"""
    trap '' INT TERM HUP
    [ "$3" = wait ] && cat >/dev/null
    cd /
    namespaces=
    for path in /run/netns/"$1"-*; do
      [ -e "$path" ] && namespaces="$namespaces ${path##*/}"
    done
    # Ending one process may let another start, so until none is left.
    for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      left=
      for name in $namespaces; do left="$left $(ip netns pids "$name" 2>/dev/null)"; done
      [ -z "$(echo $left)" ] && break
      kill -KILL $left 2>/dev/null
      sleep 0.05
    done
    for name in $namespaces; do ip netns delete "$name"; done
    [ "$4" = keep ] || rm -rf -- "$2"
    """#

  static func start(
    laboratory name: String, directory: String, keepFiles: Bool
  ) throws(LabError) -> LabKeeper {
    let (process, leash) = try ChildProcess.startLeashed(
      command(name, directory, wait: true, keepFiles), output: "/dev/null")
    return LabKeeper(
      laboratory: name, directory: directory, keepFiles: keepFiles, process: process, leash: leash)
  }

  /// Lets it work and waits until it is done; does the work itself if somebody has killed it.
  func finish() {
    close(leash)
    if process.waitUntilEnded() != .status(0) {
      try? Self.clear(laboratory: laboratory, directory: directory, keepFiles: keepFiles)
    }
  }

  /// Takes a laboratory down at once.
  static func clear(
    laboratory name: String, directory: String, keepFiles: Bool
  ) throws(LabError) {
    try ShortCommand.run(command(name, directory, wait: false, keepFiles))
  }

  private static func command(
    _ name: String, _ directory: String, wait: Bool, _ keepFiles: Bool
  ) -> [String] {
    [
      "sh", "-c", script, "fino-lab-keeper", name, directory, wait ? "wait" : "now",
      keepFiles ? "keep" : "remove",
    ]
  }
}
