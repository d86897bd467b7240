/// PowerTests: the vSphere driver beside a stand-in for a vCenter.

import IPMI
import Testing
import Wire

@testable import Power

struct VMwareDriverTests {
  private let quick = MachinePower(
    target: "pc7", driver: "vmware", inFlight: CommandInFlight(), pause: { _ in })

  private func perform(
    _ request: PowerRequest, _ center: StandInVCenter, password: String = StandInVCenter.password,
    uuid: String = StandInVCenter.uuid
  ) async throws -> PowerOutcome {
    try await VMwareDriver.perform(
      request, quick, "root", HiddenText(password), try #require(SystemUUID(uuid)), over: center)
  }

  @Test func tellsWhatWasDone() async throws {
    let cases: [(PowerRequest, String, String, [String])] = [
      (.status, "poweredOn", "pc7 is on", []),
      (.status, "suspended", "pc7 is off", []),
      (
        .power(.on, verify: .seconds(5)), "poweredOff",
        "power on sent to pc7; it was off, and is on", ["PowerOnVM_Task"]
      ),
      (.power(.off), "poweredOn", "power off sent to pc7; it was on", ["PowerOffVM_Task"]),
      (.power(.reset), "poweredOn", "reset sent to pc7; it was on", ["ResetVM_Task"]),
      (
        .power(.cycle), "poweredOn", "power cycle sent to pc7; it was on",
        ["PowerOffVM_Task", "PowerOnVM_Task"]
      ),
      (.power(.off), "poweredOff", "pc7 was already off", []),
      (
        .reinstall(), "poweredOff",
        "boot device pxe once set, power on sent to pc7; it was off",
        ["ReconfigVM_Task", "PowerOnVM_Task"]
      ),
    ]
    for (request, power, text, tasks) in cases {
      let center = StandInVCenter(power: power)
      #expect(try await perform(request, center).text == text)
      #expect(center.calls.filter { $0.hasSuffix("_Task") } == tasks)
      #expect(center.openSessions == 0)
    }
  }

  @Test func theBootDeviceIsBergenholmsSetting() async throws {
    let center = StandInVCenter()
    let outcome = try await perform(.bootDevice(.pxe), center)
    #expect(center.extra["bios.bootDeviceClasses"] == "allow:net")
    #expect(outcome.warnings.count == 1)
    _ = try await perform(.bootDevice(.disk, persistent: true), center)
    #expect(center.extra["bios.bootDeviceClasses"] == "allow:hd")
    _ = try await perform(.bootDevice(.none), center)
    #expect(center.extra == ["guestinfo.x": "<&>"])
    var manners = StandInVCenter.Manners()
    manners.forgetsSettings = true
    let error = await #expect(throws: DriverError.self) {
      try await perform(.bootDevice(.pxe), StandInVCenter(manners))
    }
    #expect(error?.kind == .noEffect)
  }

  @Test func theUUIDIsFoundInBothByteOrders() async throws {
    let turned = "33221100-5544-7766-8899-aabbccddeeff"
    #expect(try await perform(.status, StandInVCenter(), uuid: turned).before == .off)
    let error = await #expect(throws: DriverError.self) {
      try await perform(
        .status, StandInVCenter(), uuid: "11111111-2222-3333-4444-555555555555")
    }
    #expect(error?.kind == .missing)
  }

  @Test func faultsAreSentences() async {
    let login = await #expect(throws: DriverError.self) {
      try await perform(.status, StandInVCenter(), password: "Sesame-17")
    }
    #expect(login == DriverError(.login, "the user name or the password is wrong"))
    var manners = StandInVCenter.Manners()
    manners.fault = "InsufficientResourcesFault"
    let task = await #expect(throws: DriverError.self) {
      try await perform(.power(.on), StandInVCenter(manners))
    }
    #expect(
      task?.sentence == "vSphere could not “power on”: The host said InsufficientResourcesFault.")
    let tools = await #expect(throws: DriverError.self) {
      try await perform(.power(.soft), StandInVCenter(power: "poweredOn"))
    }
    #expect(tools?.kind == .refused)
    #expect(tools?.sentence.contains("VMware Tools") == true)
  }

  @Test func aTaskWhoseAnswerIsLostIsUncertainAndStartedOnce() async {
    var manners = StandInVCenter.Manners()
    manners.hangsUpOnTasks = true
    let center = StandInVCenter(manners)
    let error = await #expect(throws: DriverError.self) { try await perform(.power(.on), center) }
    #expect(error?.kind == .uncertain)
    #expect(center.calls.filter { $0 == "PowerOnVM_Task" }.count == 1)
  }

  @Test func answersThatAreNoSOAPAreErrors() throws {
    for text in ["", "<html/>", "<Envelope/>", "<Envelope><Body/></Envelope>", "<!DOCTYPE a><a/>"] {
      #expect(throws: DriverError.self, "\(text)") {
        try SOAPAnswer(parsing: Array(text.utf8), method: "Login")
      }
    }
    let call = SOAPCall(
      method: "Login", this: ManagedObject("SessionManager", "<x>"),
      arguments: [.text("userName", "a&b"), .text("password", "<\"'>")])
    let body = try XMLElement(parsing: call.body).child("Body")?.child("Login")
    #expect(body?.child("_this").flatMap { ManagedObject($0) } == call.this)
    #expect(body?.child("userName")?.text == "a&b")
    #expect(body?.child("password")?.text == "<\"'>")
  }
}
