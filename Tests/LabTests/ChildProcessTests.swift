/// LabTests: processes of the laboratory.

import FoundationEssentials
import Glibc
import Testing

@testable import Lab

@Suite struct ChildProcessTests {
  private let output = "\(FileManager.default.temporaryDirectory.path)/child-\(UUID())"

  @Test func itsEndAndItsOutputAreKnown() async throws {
    defer { unlink(output) }
    let child = try ChildProcess.start(
      ["sh", "-c", "echo \"$WORD\"; echo trouble >&2; exit 3"], environment: ["WORD": "hello"],
      output: output)
    #expect(await child.waitForExit(timeout: .seconds(30)) == .status(3))
    #expect(child.outputText == "hello\ntrouble\n")
    #expect(!child.isRunning)
    // Its number may be another's now.
    child.kill()
    #expect(child.ended == .status(3))
  }

  @Test func itEndsWhenItIsKilled() async throws {
    let child = try ChildProcess.start(["sleep", "1000"], output: "/dev/null")
    #expect(child.isRunning)
    #expect(await child.waitForExit(timeout: .zero) == nil)
    child.kill()
    #expect(child.ended == .signal(SIGKILL))
  }

  @Test func itEndsWhenItIsAskedTo() async throws {
    let child = try ChildProcess.start(["sleep", "1000"], output: "/dev/null")
    await child.terminate()
    #expect(child.ended == .signal(SIGTERM))
  }

  @Test func whatCannotBeStartedIsNamed() {
    #expect(throws: LabError("cannot start no-such-program: No such file or directory")) {
      try ChildProcess.start(["no-such-program"], output: "/dev/null")
    }
    #expect(throws: LabError.self) { try ChildProcess.start([], output: "/dev/null") }
  }

  @Test func aShortCommandSaysWhyItFailed() throws {
    #expect(try ShortCommand.run(["echo", "hello"]) == "hello\n")
    #expect(throws: LabError("`sh -c echo no; exit 1` failed: no")) {
      try ShortCommand.run(["sh", "-c", "echo no; exit 1"])
    }
  }
}
