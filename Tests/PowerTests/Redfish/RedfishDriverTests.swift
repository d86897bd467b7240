/// PowerTests: the Redfish driver beside BMCs of different manners.

import IPMI
import Testing

@testable import Power

struct RedfishDriverTests {
  private let quick = MachinePower(
    target: "bmc7", driver: "redfish", inFlight: CommandInFlight(), pause: { _ in })

  private func perform(
    _ request: PowerRequest, _ bmc: ScriptedBMC, method: RedfishLogin.Method = .auto,
    password: String = "calvin", system: String? = nil, uuid: String? = nil
  ) async throws(DriverError) -> PowerOutcome {
    try await RedfishDriver.perform(
      request, quick,
      RedfishLogin(user: "root", password: HiddenText(password), method: method),
      RedfishSelection(system: system, uuid: uuid), over: bmc)
  }

  @Test func tellsWhatWasDone() async throws {
    let cases: [(PowerRequest, String, String)] = [
      (.status, "On", "bmc7 is on"),
      (.status, "PoweringOn", "bmc7 is off"),
      (.power(.on), "On", "bmc7 was already on"),
      (.power(.on), "Off", "power on (On) sent to bmc7; it was off"),
      (
        .power(.off, verify: .seconds(9)), "On",
        "power off (ForceOff) sent to bmc7; it was on, and is off"
      ),
      (.power(.cycle), "Off", "power on (On) sent to bmc7; it was off"),
      (
        .power(.reset, verify: .seconds(9)), "On",
        "power reset (ForceRestart) sent to bmc7; it was on, and is on again"
      ),
      (.power(.soft), "On", "power soft (GracefulShutdown) sent to bmc7; it was on"),
      (.bootDevice(.pxe, efi: true), "On", "boot device pxe (EFI) once set on bmc7"),
      (.bootDevice(.none), "On", "boot device none set on bmc7"),
      (
        .reinstall(efi: true), "On",
        "boot device pxe (EFI) once set, power cycle (ForceRestart) sent to bmc7; it was on"
      ),
    ]
    for (request, power, text) in cases {
      let bmc = ScriptedBMC(power: power)
      let outcome = try await perform(request, bmc)
      #expect(outcome.text == text)
      #expect(outcome.warnings.isEmpty, "\(outcome.warnings)")
      #expect(bmc.openSessions == 0)
    }
  }

  @Test func theSessionIsGivenBackAfterAnError() async {
    var manners = ScriptedBMC.Manners()
    manners.refusal = "The chassis door is open."
    let bmc = ScriptedBMC(manners)
    let error = await #expect(throws: DriverError.self) { try await perform(.power(.off), bmc) }
    #expect(
      error?.sentence
        == "it refused “power off (ForceOff)”: The chassis door is open. (status 400)")
    #expect(bmc.openSessions == 0)
  }

  @Test func takesTheBestResetTypeThatTheBMCHas() async throws {
    let cases: [([String]?, PowerAction, String?)] = [
      (["On", "ForceOff", "PowerCycle", "ForceRestart"], .cycle, "PowerCycle"),
      (["On", "ForceOff", "ForceRestart"], .cycle, "ForceRestart"),
      (["On", "ForceOff", "PowerCycle"], .reset, "PowerCycle"),
      (["On", "ForceOff"], .reset, nil),
      (["On", "ForceOff", "PushPowerButton"], .soft, "PushPowerButton"),
      (nil, .cycle, "ForceRestart"),
    ]
    for (types, action, wanted) in cases {
      for hasInfo in [false, true] where types != nil || !hasInfo {
        var manners = ScriptedBMC.Manners()
        manners.resetTypes = types
        manners.hasActionInfo = hasInfo
        let bmc = ScriptedBMC(manners)
        if wanted == nil {
          let error = await #expect(throws: DriverError.self) {
            try await perform(.power(action), bmc)
          }
          #expect(error?.kind == .unsupported)
        } else {
          _ = try await perform(.power(action), bmc)
        }
        #expect(bmc.resets == [wanted].compactMap(\.self))
      }
    }
  }

  @Test func loginsOfAllKinds() async throws {
    var manners = ScriptedBMC.Manners()
    manners.hasSessions = false
    let basic = ScriptedBMC(manners)
    _ = try await perform(.status, basic)
    #expect(!basic.questions.contains { $0.hasPrefix("POST") })
    let error = await #expect(throws: DriverError.self) {
      try await perform(.status, ScriptedBMC(manners), method: .session)
    }
    #expect(error?.kind == .unsupported)
    manners.hasSessions = true
    manners.isFull = true
    _ = try await perform(.status, ScriptedBMC(manners))
    let full = await #expect(throws: DriverError.self) {
      try await perform(.status, ScriptedBMC(manners), method: .session)
    }
    #expect(full?.kind == .login)
    for method in RedfishLogin.Method.allCases {
      let wrong = await #expect(throws: DriverError.self) {
        try await perform(.status, ScriptedBMC(), method: method, password: "Sesame-17")
      }
      #expect(wrong?.kind == .login)
      #expect(wrong?.sentence.contains("Sesame-17") == false)
    }
  }

  @Test func findsTheSystem() async throws {
    var manners = ScriptedBMC.Manners()
    manners.systems["2"] = "ffeeddcc-bbaa-9988-7766-554433221100"
    let uuid = "00112233-4455-6677-8899-aabbccddeeff"
    let turned = "33221100-5544-7766-8899-aabbccddeeff"
    for (system, wanted) in [
      ("1", nil), ("/redfish/v1/Systems/1", nil), (nil, uuid), (nil, turned),
    ] {
      let outcome = try await perform(.status, ScriptedBMC(manners), system: system, uuid: wanted)
      #expect(outcome.before == .on)
    }
    for (system, wanted) in [
      ("3", nil), ("/redfish/v1/Systems/3", nil), ("//evil/1", nil), (nil, nil),
      (nil, "11111111-2222-3333-4444-555555555555"),
    ] {
      let error = await #expect(throws: DriverError.self) {
        try await perform(.status, ScriptedBMC(manners), system: system, uuid: wanted)
      }
      #expect(error?.kind == .missing || error?.kind == .refused, "\(String(describing: error))")
    }
    // The only system, although its UUID is another.
    let outcome = try await perform(
      .status, ScriptedBMC(), uuid: "11111111-2222-3333-4444-555555555555")
    #expect(outcome.warnings.count == 1)
  }

  @Test func writesTheBootModeOnlyWhereItMust() async throws {
    var manners = ScriptedBMC.Manners()
    let plain = ScriptedBMC(manners)
    _ = try await perform(.bootDevice(.pxe), plain)
    #expect(
      plain.patches == [
        #"{"Boot":{"BootSourceOverrideEnabled":"Once","BootSourceOverrideTarget":"Pxe"}}"#
      ])
    manners.manufacturer = "Supermicro"
    manners.mode = "Legacy"
    let supermicro = ScriptedBMC(manners)
    _ = try await perform(.bootDevice(.pxe, persistent: true), supermicro)
    #expect(supermicro.patches.first?.contains(#""BootSourceOverrideMode":"Legacy""#) == true)
    #expect(supermicro.patches.first?.contains("Continuous") == true)
    manners.manufacturer = "HPE"
    manners.mode = "UEFI"
    manners.refusesMode = true
    let ilo = ScriptedBMC(manners)
    let outcome = try await perform(.bootDevice(.pxe, efi: true), ilo)
    #expect(ilo.patches.count == 2)
    #expect(outcome.text == "boot device pxe (EFI) once set on bmc7")
    // It is in legacy mode and will not leave it: that is an error, not a legacy boot.
    manners.mode = "Legacy"
    await #expect(throws: DriverError.self) {
      try await perform(.bootDevice(.pxe, efi: true), ScriptedBMC(manners))
    }
  }

  @Test func takesTheStrongFormOfATag() async throws {
    var manners = ScriptedBMC.Manners()
    manners.wantsStrongTag = true
    let bmc = ScriptedBMC(manners)
    _ = try await perform(.bootDevice(.pxe), bmc)
    #expect(bmc.patches.count == 2)
  }

  @Test func aBMCThatLiesIsCaught() async {
    var manners = ScriptedBMC.Manners()
    manners.forgetsBootDevice = true
    let forgetful = await #expect(throws: DriverError.self) {
      try await perform(.bootDevice(.pxe), ScriptedBMC(manners))
    }
    #expect(forgetful?.kind == .noEffect)
    manners.forgetsBootDevice = false
    manners.ignoresReset = true
    let lazy = await #expect(throws: DriverError.self) {
      try await perform(.power(.off, verify: .seconds(2)), ScriptedBMC(manners))
    }
    #expect(
      lazy?.sentence == "“power off (ForceOff)” was accepted, but the machine is still on")
  }

  @Test func aResetWhoseAnswerIsLostIsUncertainAndSentOnce() async {
    var manners = ScriptedBMC.Manners()
    manners.hangsUpOnReset = true
    let bmc = ScriptedBMC(manners)
    let error = await #expect(throws: DriverError.self) { try await perform(.power(.cycle), bmc) }
    #expect(error?.kind == .uncertain)
    #expect(bmc.resets == ["ForceRestart"])
  }

  @Test func linksLeadNowhereElse() {
    for text in ["https://evil/", "//evil/x", "relative", "/a b", "/a\r\nX: y", "/\\evil", ""] {
      #expect(RedfishValue.path(text) == nil, "\(text)")
    }
    #expect(RedfishValue.path("/redfish/v1/Systems/1") == "/redfish/v1/Systems/1")
  }

  @Test func answersThatAreNoJSONAreErrors() async {
    for text in ["", "<html>", "[]", "{\"Systems\":", String(repeating: "[", count: 100_000)] {
      let error = await #expect(throws: DriverError.self) {
        try await RedfishService.open(
          OneAnswer(text), RedfishLogin(user: "root", password: HiddenText("x")))
      }
      #expect(error?.kind == .unreachable)
    }
  }
}

private struct OneAnswer: WebAsking {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  func ask(_ question: WebQuestion) async throws(DriverError) -> WebAnswer {
    WebAnswer(status: 200, body: Array(text.utf8))
  }
}
