/// PowerTests: a BMC that speaks Redfish, with the manners of one vendor or another.

import Foundation
import Synchronization

@testable import Power

/// One system, `/redfish/v1/Systems/1`, which follows at once.
final class ScriptedBMC: WebAsking {
  /// What real ones do differently.
  struct Manners: Sendable {
    var hasSessions = true
    /// Every session is taken.
    var isFull = false
    var password = "calvin"
    var manufacturer = "Contoso"
    var resetTypes: [String]? = ["On", "ForceOff", "ForceRestart", "GracefulShutdown"]
    /// They stand in a resource of their own.
    var hasActionInfo = false
    /// iLO refuses a PATCH with it.
    var refusesMode = false
    /// nil: the property is missing.
    var mode: String? = "UEFI"
    /// AMI: a PATCH without If-Match gets 428; a weak tag 412.
    var wantsStrongTag = false
    /// It says yes and changes nothing.
    var forgetsBootDevice = false
    /// It says yes to a reset and stays as it is.
    var ignoresReset = false
    /// The connection breaks after a reset was read.
    var hangsUpOnReset = false
    var systems = ["1": "00112233-4455-6677-8899-aabbccddeeff"]
    var refusal: String?
  }

  private struct State {
    var power = "On"
    var target = "None"
    var enabled = "Disabled"
    var mode: String?
    var sessions: Set<String> = []
    var questions: [WebQuestion] = []
    var resets: [String] = []
    var patches: [String] = []
  }

  private let manners: Manners
  private let state: Mutex<State>

  init(_ manners: Manners = Manners(), power: String = "On") {
    self.manners = manners
    state = Mutex(State(power: power, mode: manners.mode))
  }

  var resets: [String] { state.withLock { $0.resets } }
  var patches: [String] { state.withLock { $0.patches } }
  var openSessions: Int { state.withLock { $0.sessions.count } }
  var questions: [String] {
    state.withLock { $0.questions.map { "\($0.method.rawValue) \($0.path)" } }
  }

  func ask(_ question: WebQuestion) async throws(DriverError) -> WebAnswer {
    let answer = state.withLock { state in
      state.questions.append(question)
      return reply(to: question, &state)
    }
    guard let answer else { throw DriverError(.unreachable, "the connection broke") }
    return answer
  }

  private func json(
    _ value: Any, status: Int = 200, _ fields: [String: [String]] = [:]
  ) -> WebAnswer {
    let body = try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    return WebAnswer(status: status, fields: fields, body: body.map(Array.init) ?? [])
  }

  private func refusal(_ status: Int, _ message: String, id: String = "Base.1.8.GeneralError")
    -> WebAnswer
  {
    json(
      [
        "error": [
          "code": id, "message": "See @Message.ExtendedInfo",
          "@Message.ExtendedInfo": [["MessageId": id, "Message": message]],
        ]
      ], status: status)
  }

  private func reply(to question: WebQuestion, _ state: inout State) -> WebAnswer? {
    func field(_ name: String) -> String? {
      question.fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
    if question.path == "/redfish/v1/" {
      var root: [String: Any] = [
        "RedfishVersion": "1.6.0", "Systems": ["@odata.id": "/redfish/v1/Systems"],
      ]
      if manners.hasSessions {
        root["Links"] = ["Sessions": ["@odata.id": "/redfish/v1/SessionService/Sessions"]]
      }
      return json(root)
    }
    if question.method == .post, question.path == "/redfish/v1/SessionService/Sessions" {
      if manners.isFull {
        return refusal(503, "No session is free.", id: "Base.1.8.SessionLimitExceeded")
      }
      guard String(decoding: question.body, as: UTF8.self).contains("\"\(manners.password)\"")
      else { return refusal(401, "Unauthorized") }
      state.sessions.insert("7")
      return json(
        ["@odata.id": "/redfish/v1/SessionService/Sessions/7"], status: 201,
        [
          "x-auth-token": ["token-7"],
          "location": ["https://bmc/redfish/v1/SessionService/Sessions/7"],
        ])
    }
    let basic = "Basic " + Data("root:\(manners.password)".utf8).base64EncodedString()
    guard field("X-Auth-Token") == "token-7" || field("Authorization") == basic else {
      return refusal(401, "Unauthorized")
    }
    switch (question.method, question.path) {
    case (.delete, "/redfish/v1/SessionService/Sessions/7"):
      state.sessions = []
      return WebAnswer(status: 204)
    case (.get, "/redfish/v1/Systems"):
      return json([
        "Members": manners.systems.keys.sorted().map { ["@odata.id": "/redfish/v1/Systems/\($0)"] }
      ])
    case (.get, "/redfish/v1/Systems/1/ResetActionInfo"):
      return json([
        "Parameters": [["Name": "ResetType", "AllowableValues": manners.resetTypes ?? []]]
      ])
    case (.post, "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset"):
      return reset(question, &state)
    case (.patch, "/redfish/v1/Systems/1"):
      return patch(question, tag: field("If-Match"), &state)
    case (.get, let path):
      guard let name = path.split(separator: "/").last, let uuid = manners.systems[String(name)]
      else { return refusal(404, "There is no \(path).") }
      return system(uuid, state)
    default:
      return refusal(405, "Not allowed")
    }
  }

  private func system(_ uuid: String, _ state: State) -> WebAnswer {
    var action: [String: Any] = ["target": "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset"]
    if manners.hasActionInfo {
      action["@Redfish.ActionInfo"] = "/redfish/v1/Systems/1/ResetActionInfo"
    } else if let types = manners.resetTypes {
      action["ResetType@Redfish.AllowableValues"] = types
    }
    var boot: [String: Any] = [
      "BootSourceOverrideTarget": state.target, "BootSourceOverrideEnabled": state.enabled,
      "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Hdd", "Cd"],
    ]
    boot["BootSourceOverrideMode"] = state.mode
    return json(
      [
        "UUID": uuid, "PowerState": state.power, "Manufacturer": manners.manufacturer,
        "Boot": boot, "Actions": ["#ComputerSystem.Reset": action],
      ], ["etag": ["W/\"42\""]])
  }

  private func reset(_ question: WebQuestion, _ state: inout State) -> WebAnswer? {
    guard let type = RedfishValue(parsing: question.body)?["ResetType"]?.text else {
      return refusal(400, "ResetType is missing.")
    }
    state.resets.append(type)
    if let refusal = manners.refusal { return self.refusal(400, refusal) }
    if manners.hangsUpOnReset { return nil }
    if !manners.ignoresReset {
      state.power = ["ForceOff", "GracefulShutdown"].contains(type) ? "Off" : "On"
    }
    return WebAnswer(status: 204)
  }

  private func patch(_ question: WebQuestion, tag: String?, _ state: inout State) -> WebAnswer {
    state.patches.append(String(decoding: question.body, as: UTF8.self))
    if manners.wantsStrongTag {
      guard let tag else { return refusal(428, "If-Match is missing.") }
      guard tag == "\"42\"" else { return refusal(412, "If-Match does not match.") }
    }
    let boot = RedfishValue(parsing: question.body)?["Boot"]
    if boot?["BootSourceOverrideMode"] != nil, manners.refusesMode {
      return refusal(400, "The property BootSourceOverrideMode cannot be written.")
    }
    if !manners.forgetsBootDevice {
      state.target = boot?["BootSourceOverrideTarget"]?.text ?? state.target
      state.enabled = boot?["BootSourceOverrideEnabled"]?.text ?? state.enabled
      state.mode = boot?["BootSourceOverrideMode"]?.text ?? state.mode
    }
    return WebAnswer(status: 200, body: Array("{}".utf8))
  }
}
