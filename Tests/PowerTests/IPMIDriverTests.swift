/// PowerTests: what the IPMI driver tells people and programs.

import Datagram
import Foundation
import IPMI
import Synchronization
import Testing

@testable import Power

/// Answers commands from a list, in order.
private final class ScriptedExchange: CommandExchange {
  private let answers: Mutex<[[UInt8]]>

  /// Each is a completion code and what follows it.
  init(_ answers: [[UInt8]]) {
    self.answers = Mutex(answers)
  }

  func exchange(_ request: CommandRequest) async throws(IPMIError) -> Answer {
    let next = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    guard let next, let code = next.first else { return .unanswered }
    return .completed(CompletionCode(rawValue: code), Array(next.dropFirst()))
  }

  func pause(_ duration: Duration) async throws(IPMIError) {}
}

private let on: [UInt8] = [0, 1, 0, 0]
private let off: [UInt8] = [0, 0, 0, 0]
private let ok: [UInt8] = [0]
private let pxeReadBack: [UInt8] = [0, 1, 5, 0x80, 0x04, 0, 0, 0]
private let efiReadBack: [UInt8] = [0, 1, 5, 0xa0, 0x04, 0, 0, 0]

struct IPMIDriverTests {
  private static let cases: [(PowerRequest, [[UInt8]], String)] = [
    (.status, [on], "10.0.0.7 is on"),
    (.power(.on), [on], "10.0.0.7 was already on"),
    (.power(.cycle), [on, ok], "power cycle sent to 10.0.0.7; it was on"),
    (.power(.cycle), [off, ok], "power on sent to 10.0.0.7; it was off"),
    (
      .power(.cycle, verify: .seconds(9)), [on, ok, off, on],
      "power cycle sent to 10.0.0.7; it was on, and is on again"
    ),
    (
      .power(.off, verify: .seconds(9)), [on, ok, on, off],
      "power off sent to 10.0.0.7; it was on, and is off"
    ),
    (.bootDevice(.pxe), [ok, ok, pxeReadBack], "boot device pxe once set on 10.0.0.7"),
    (
      .bootDevice(.pxe, efi: true), [[0x80], ok, efiReadBack],
      "boot device pxe (EFI) once set on 10.0.0.7"
    ),
    (
      .reinstall(), [on, ok, ok, pxeReadBack, ok],
      "boot device pxe once set, power cycle sent to 10.0.0.7; it was on"
    ),
  ]

  @Test(arguments: cases.indices)
  func tellsWhatWasDone(_ index: Int) async throws {
    let (request, answers, text) = Self.cases[index]
    let outcome = try await IPMIDriver.perform(
      request, at: "10.0.0.7", in: ScriptedExchange(answers))
    #expect(outcome.text == text)
    #expect(outcome.warnings.isEmpty)
    #expect(outcome.request == "\(request)")
  }

  @Test func programsReadTheFields() async throws {
    let outcome = try await IPMIDriver.perform(
      .reinstall(efi: true, verify: .seconds(9)), at: "10.0.0.7",
      in: ScriptedExchange([on, ok, ok, pxeReadBack, ok, off, on]))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let json = String(decoding: try encoder.encode(outcome), as: UTF8.self)
    #expect(
      json == """
        {"after":"on","before":"on","bootDevice":"pxe","driver":"ipmi",\
        "request":"boot once from the network, EFI","sent":"power cycle","target":"10.0.0.7",\
        "text":"boot device pxe (EFI) once set, power cycle sent to 10.0.0.7; it was on, and is on \
        again","warnings":["the BMC kept boot device pxe, but reads back other values of: EFI"]}
        """)
  }

  @Test func errorsNameTheBMC() {
    let error = PowerError(target: "10.0.0.7", cause: .ipmi(.wrongPassword))
    #expect("\(error)" == "10.0.0.7: the password (or the user name) is wrong")
  }

  @Test func spellingsOfOneAddressShareAQueue() throws {
    let loop = try DatagramLoop(name: "power-tests")
    defer { loop.shutdown() }
    let client = IPMIClient(
      loop: loop, login: try IPMILogin(username: "admin", password: Secret("x")))
    let keys = try ["BMC7:623", "bmc7", "bmc7:9623"].map {
      IPMIDriver(try BMCAddress($0), client: client).queueKey
    }
    #expect(keys == ["ipmi://bmc7:623", "ipmi://bmc7:623", "ipmi://bmc7:9623"])
  }

  @Test func theLogDriverOnlyLogs() async throws {
    let lines = Mutex<[String]>([])
    let driver = LogOnlyDriver("pc7") { line in lines.withLock { $0.append(line) } }
    let outcome = try await driver.perform(.reinstall(), limit: .seconds(1))
    #expect(
      outcome.text == "pc7: boot once from the network (only logged; power driver “log”)")
    #expect(lines.withLock { $0 } == [outcome.text])
  }
}
