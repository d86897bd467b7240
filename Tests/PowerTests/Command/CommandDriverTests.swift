/// PowerTests: an operator's executable is run with its arguments as they are, and ended in time.

import Foundation
import IPMI
import Testing

@testable import Power

struct CommandDriverTests {
  /// A script in a folder of its own.
  private struct Script {
    let folder: URL
    var path: String { folder.path + "/power" }
    var notes: [String] {
      let text = try? String(contentsOf: folder.appending(path: "notes"), encoding: .utf8)
      return text?.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) ?? []
    }

    init(_ text: String) throws {
      folder = try RunningProgram.makeFolder()
      // Run by name: a file that was written a moment ago may still be open in somebody's child.
      try Data("cd \"$(dirname \"$0\")\"\n\(text)\n".utf8).write(to: URL(filePath: path))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
  }

  private func driver(
    _ script: Script, _ words: [String] = ["{action}"], password: String? = nil,
    address: String = "outlet 7"
  ) throws -> CommandDriver {
    CommandDriver(
      "pdu", try CommandTemplate(["/bin/bash", script.path] + words), host: "pc7", address: address,
      user: "root", password: password.map(HiddenText.init))
  }

  private func failure(
    _ driver: CommandDriver, _ request: PowerRequest, limit: Duration = .seconds(30)
  ) async -> DriverError? {
    let error = await #expect(throws: PowerError.self) {
      try await driver.perform(request, limit: limit)
    }
    guard case .driver(let inner)? = error?.cause else { return nil }
    return inner
  }

  @Test func theLastLineIsTheState() async throws {
    let script = try Script("echo asking...; echo ON; echo; exit 0")
    defer { script.remove() }
    let outcome = try await driver(script).perform(.status, limit: .seconds(30))
    #expect(outcome.before == .on)
    #expect(outcome.text == "outlet 7 is on")
    let unknown = try Script("echo unknown")
    defer { unknown.remove() }
    #expect(try await driver(unknown).perform(.status, limit: .seconds(30)).before == nil)
    let odd = try Script("echo perhaps")
    defer { odd.remove() }
    #expect(await failure(try driver(odd), .status)?.kind == .malformed)
  }

  @Test func argumentsAreNeverReadByAShell() async throws {
    let script = try Script(#"printf '%s\n' "$@" > notes; env > environment; cat > input"#)
    defer { script.remove() }
    let evil = "$(touch owned) `id`; echo 'x' \"y\" * {action}"
    let driver = try driver(
      script, ["--do={action}", "{address}", "{host}-{user}", "a b"], password: "Sesame-17",
      address: evil)
    let outcome = try await driver.perform(.power(.cycle), limit: .seconds(30))
    #expect(script.notes == ["--do=cycle", evil, "pc7-root", "a b", ""])
    #expect(outcome.sent == "power cycle")
    let input = try String(contentsOf: script.folder.appending(path: "input"), encoding: .utf8)
    #expect(input == "Sesame-17\n")
    let environment = try String(
      contentsOf: script.folder.appending(path: "environment"), encoding: .utf8)
    #expect(environment.contains("FINO_POWER_ACTION=cycle\n"))
    #expect(!environment.contains("Sesame-17"))
    #expect(!environment.contains("HOME="))
    #expect(!FileManager.default.fileExists(atPath: script.folder.path + "/owned"))
  }

  @Test func aValueIsNeverAnOption() async throws {
    let script = try Script("exit 0")
    defer { script.remove() }
    let error = await failure(
      try driver(script, ["{address}"], address: "--delete-all"), .power(.on))
    #expect(error?.kind == .unsupported)
    _ = try await driver(script, ["--outlet={address}"], address: "-7").perform(
      .power(.on), limit: .seconds(30))
  }

  @Test func whatItSaysOfAFailureIsToldWithoutThePassword() async throws {
    let script = try Script("read -r p; echo \"bad login with $p\" >&2; exit 3")
    defer { script.remove() }
    let error = await failure(try driver(script, password: "Sesame-17"), .power(.off))
    #expect(error?.sentence == "“pdu” ended with 3 for “off”: bad login with ***")
  }

  /// A line is cut after 200 characters, the output at 16 KiB: no cut may go through the password.
  @Test(arguments: [0, 185, 192, 197, 199, 200, 16_384 - 4, 16_384 - 9])
  func noPartOfThePasswordIsLeftWhereTheLineIsCut(before: Int) async throws {
    let script = try Script(
      """
      read -r p; printf -v x '%*s' \(before) ''; echo "${x// /-}$p" >&2
      exit 3
      """)
    defer { script.remove() }
    let error = await failure(try driver(script, password: "QxZwVk-17"), .power(.off))
    let sentence = try #require(error?.sentence)
    for end in 3...9 { #expect(!sentence.contains("QxZwVk-17".prefix(end)), "\(sentence)") }
    #expect(sentence.hasPrefix("“pdu” ended with 3 for “off”: "))
  }

  @Test func itIsEndedWithAllItsChildrenWhenTheTimeIsOver() async throws {
    let script = try Script("sleep 300 & echo $! > child; echo $$ > self; wait")
    defer { script.remove() }
    let error = await failure(try driver(script), .power(.on), limit: .seconds(2))
    #expect(error?.kind == .uncertain)
    for name in ["child", "self"] {
      let text = try String(contentsOf: script.folder.appending(path: name), encoding: .utf8)
      let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
      // The orphan is reaped by process 1, which may take its time.
      var isThere = true
      for _ in 0..<200 where isThere {
        isThere = kill(pid, 0) == 0 && !isZombie(pid)
        if isThere { try await Task.sleep(for: .milliseconds(50)) }
      }
      #expect(!isThere, "\(name)")
    }
    #expect(await failure(try driver(script), .status, limit: .seconds(1))?.kind == .timeLimit)
  }

  private func isZombie(_ pid: pid_t) -> Bool {
    guard let file = FileHandle(forReadingAtPath: "/proc/\(pid)/stat") else { return true }
    let text = String(decoding: file.availableData, as: UTF8.self)
    return text.split(separator: ")").last?.split(separator: " ").first == "Z"
  }

  @Test func cancellationEndsIt() async throws {
    let script = try Script("echo $$ > self; sleep 300")
    defer { script.remove() }
    let driver = try driver(script)
    let task = Task { try await driver.perform(.status, limit: .seconds(300)) }
    while !FileManager.default.fileExists(atPath: script.folder.path + "/self") {
      try await Task.sleep(for: .milliseconds(20))
    }
    task.cancel()
    await #expect(throws: PowerError(target: "outlet 7", cause: .cancelled)) {
      try await task.value
    }
  }

  @Test func noDescriptorOfOursIsInherited() async throws {
    let script = try Script("ls /proc/self/fd > notes; echo on")
    defer { script.remove() }
    _ = try await driver(script).perform(.status, limit: .seconds(30))
    // 0, 1, 2, and the one with which ls reads the folder.
    #expect(script.notes.filter { !$0.isEmpty }.count <= 4, "\(script.notes)")
  }

  @Test func aProgramThatReadsNothingOrSaysTooMuchDoesNoHarm() async throws {
    let deaf = try Script("exec 0<&-; echo on")
    defer { deaf.remove() }
    let long = String(repeating: "x", count: 300_000)
    #expect(
      try await driver(deaf, password: long).perform(.status, limit: .seconds(30)).before == .on)
    let loud = try Script("head -c 3000000 /dev/zero | tr '\\0' 'y'; echo; echo off")
    defer { loud.remove() }
    #expect(try await driver(loud).perform(.status, limit: .seconds(60)).before == .off)
  }

  @Test func itIsToldWhatToBootWhereItTakesThat() async throws {
    let script = try Script("echo \"$@\" >> notes")
    defer { script.remove() }
    let able = try driver(script, ["{action}", "{device}", "{mode}"])
    #expect(able.setsBootDevice)
    _ = try await able.perform(.reinstall(efi: true), limit: .seconds(30))
    #expect(script.notes.prefix(2) == ["bootdev pxe efi", "cycle  "])
    let unable = try driver(script)
    #expect(!unable.setsBootDevice)
    #expect(await failure(unable, .bootDevice(.pxe))?.kind == .unsupported)
  }

  @Test func verificationAsksAgain() async throws {
    let script = try Script("[ \"$1\" = status ] && { cat state; exit; }; echo \"$1\" > state")
    defer { script.remove() }
    let outcome = try await driver(script).perform(
      .power(.off, verify: .seconds(5)), limit: .seconds(30))
    #expect(outcome.after == .off)
    let liar = try Script("echo on")
    defer { liar.remove() }
    let error = await failure(try driver(liar), .power(.off, verify: .milliseconds(500)))
    #expect(error?.kind == .noEffect)
  }

  @Test func whatCannotBeStartedSaysSo() async throws {
    let template = try CommandTemplate(["/nonexistent/power", "{action}"])
    let driver = CommandDriver("pdu", template, host: "pc7")
    #expect(await failure(driver, .power(.on))?.kind == .unreachable)
  }

  @Test func templatesThatCannotBeAreMistakes() throws {
    for words in [
      [], ["power"], ["/bin/{action}"], ["/bin/echo", "{password}"], ["/bin/echo", "{action"],
      ["/bin/echo", "{}"], ["/bin/echo", "a\0b"],
    ] {
      #expect(throws: CommandTemplate.Mistake.self, "\(words)") { try CommandTemplate(words) }
    }
    let template = try CommandTemplate(["/bin/echo", "x{action}-{device}}", ""])
    #expect(
      try template.argv([.action: "on", .device: "{host}"]) == ["/bin/echo", "xon-{host}}", ""])
  }
}
