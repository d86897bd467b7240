/// PowerTests: a vCenter written from the vSphere Web Services API's documentation.

import Synchronization

@testable import Power

/// One virtual machine, and what a client needs to find and switch it. Checked with pyVmomi, a client
/// that nobody here wrote (`PyVmomiTests`).
final class StandInVCenter: WebAsking {
  struct Manners: Sendable {
    /// How many looks a task stays “running”.
    var taskDelay = 1
    /// Tasks end with this fault.
    var fault: String?
    var forgetsSettings = false
    /// The connection breaks after a task was started.
    var hangsUpOnTasks = false
  }

  static let password = "Corr€ct <&> horse"
  static let uuid = "00112233-4455-6677-8899-aabbccddeeff"

  private struct State {
    var power = "poweredOff"
    var extra: [String: String] = ["guestinfo.x": "<&>"]
    var sessions = 0
    var tasks: [Int] = []
    var calls: [String] = []
  }

  private let manners: Manners
  private let state: Mutex<State>

  init(_ manners: Manners = Manners(), power: String = "poweredOff") {
    self.manners = manners
    state = Mutex(State(power: power))
  }

  var calls: [String] { state.withLock { $0.calls } }
  var openSessions: Int { state.withLock { $0.sessions } }
  var power: String { state.withLock { $0.power } }
  var extra: [String: String] { state.withLock { $0.extra } }

  func ask(_ question: WebQuestion) async throws(DriverError) -> WebAnswer {
    guard question.method == .post else {
      return question.path.hasSuffix("vimServiceVersions.xml")
        ? WebAnswer(status: 200, body: Array(Self.versions.utf8)) : WebAnswer(status: 404)
    }
    guard question.path == "/sdk",
      let envelope = try? XMLElement(parsing: question.body),
      let call = envelope.child("Body")?.children.first
    else { return WebAnswer(status: 400) }
    let cookie = question.fields.first { $0.name.lowercased() == "cookie" }?.value ?? ""
    let isIn = cookie.contains("vmware_soap_session=\"in\"")
    let answer = state.withLock { state in
      state.calls.append(call.name)
      return reply(to: call, isIn: isIn, &state)
    }
    guard let answer else { throw DriverError(.unreachable, "the connection broke") }
    return answer
  }

  private func reply(to call: XMLElement, isIn: Bool, _ state: inout State) -> WebAnswer? {
    let isFree =
      ["RetrieveServiceContent", "Login"].contains(call.name)
      || (call.name == "Fetch" && call.child("prop")?.text == "content")
    guard isFree || isIn else {
      return fault("NotAuthenticated", "The session is not authenticated.")
    }
    switch call.name {
    case "RetrieveServiceContent":
      return result(call, "<returnval>\(Self.content)</returnval>")
    case "Login":
      guard call.child("userName")?.text == "root", call.child("password")?.text == Self.password
      else {
        return fault(
          "InvalidLogin", "Cannot complete login due to an incorrect user name or password.")
      }
      state.sessions += 1
      var answer = result(
        call,
        "<returnval><key>52a1</key><userName>root</userName><fullName>root</fullName>"
          + "<loginTime>2026-01-01T00:00:00Z</loginTime>"
          + "<lastActiveTime>2026-01-01T00:00:00Z</lastActiveTime><locale>en</locale>"
          + "<messageLocale>en</messageLocale></returnval>")
      answer.fields["set-cookie"] = ["vmware_soap_session=\"in\"; Path=/; HttpOnly; Secure;"]
      return answer
    case "Logout":
      state.sessions -= 1
      return result(call, "")
    case "FindByUuid":
      let isFound =
        call.child("uuid")?.text.lowercased() == Self.uuid && call.child("vmSearch")?.text == "true"
      return result(
        call, isFound ? "<returnval type=\"VirtualMachine\">vm-42</returnval>" : "")
    case "RetrieveProperties", "RetrievePropertiesEx":
      return properties(call, &state)
    case "Fetch":
      // Not in the documentation; what pyVmomi reads a single property with.
      guard let object = call.child("_this"), let path = call.child("prop")?.text,
        let value = value(of: path, object, &state)
      else { return fault("InvalidProperty", "The property is not known.") }
      return result(
        call, "<returnval" + value.dropFirst("<val".count).dropLast("</val>".count) + "</returnval>"
      )
    case "PowerOnVM_Task", "PowerOffVM_Task", "ResetVM_Task", "ReconfigVM_Task":
      return task(call, &state)
    case "ShutdownGuest":
      return fault("ToolsUnavailable", "VMware Tools is not running in the guest.")
    default:
      return fault("MethodNotFound", "No method \(call.name).")
    }
  }

  private func task(_ call: XMLElement, _ state: inout State) -> WebAnswer? {
    guard call.child("_this")?.text == "vm-42" else {
      return fault("ManagedObjectNotFound", "The object has been deleted.")
    }
    switch (call.name, state.power) {
    case ("PowerOnVM_Task", "poweredOn"), ("PowerOffVM_Task", "poweredOff"),
      ("ResetVM_Task", "poweredOff"):
      return fault(
        "InvalidPowerState", "The attempted operation cannot be performed in the current state.")
    default: break
    }
    state.tasks.append(manners.taskDelay)
    if manners.hangsUpOnTasks { return nil }
    if manners.fault == nil {
      switch call.name {
      case "PowerOnVM_Task": state.power = "poweredOn"
      case "PowerOffVM_Task": state.power = "poweredOff"
      case "ReconfigVM_Task":
        for option in call.child("spec")?.all("extraConfig") ?? [] where !manners.forgetsSettings {
          let key = option.child("key")?.text ?? ""
          // An empty value takes the setting away.
          let value = option.child("value")?.text ?? ""
          state.extra[key] = value.isEmpty ? nil : value
        }
      default: break
      }
    }
    return result(call, "<returnval type=\"Task\">task-\(state.tasks.count - 1)</returnval>")
  }

  private func properties(_ call: XMLElement, _ state: inout State) -> WebAnswer {
    var objects = ""
    for spec in call.all("specSet") {
      for object in spec.all("objectSet").compactMap({ $0.child("obj") }) {
        let paths = spec.all("propSet").flatMap { $0.all("pathSet").map(\.text) }
        var properties = ""
        for path in paths {
          guard let value = value(of: path, object, &state) else {
            return fault("InvalidProperty", "The property \(path) is not known.")
          }
          properties += "<propSet><name>\(path)</name>\(value)</propSet>"
        }
        let type = object.attribute("type") ?? ""
        objects += "<obj type=\"\(type)\">\(object.text)</obj>\(properties)"
      }
    }
    return result(
      call,
      call.name == "RetrieveProperties"
        ? "<returnval>\(objects)</returnval>"
        : "<returnval><objects>\(objects)</objects></returnval>")
  }

  private func value(of path: String, _ object: XMLElement, _ state: inout State) -> String? {
    if let number = Int(object.text.dropFirst("task-".count)), object.text.hasPrefix("task-"),
      state.tasks.indices.contains(number)
    {
      let isOver = state.tasks[number] <= 0
      state.tasks[number] -= 1
      let word = !isOver ? "running" : manners.fault == nil ? "success" : "error"
      if path == "info.state" { return "<val xsi:type=\"TaskInfoState\">\(word)</val>" }
      guard path == "info" else { return nil }
      let error =
        isOver
        ? manners.fault.map {
          "<error><fault xsi:type=\"\($0)\"/><localizedMessage>The host said \($0).</localizedMessage>"
            + "</error>"
        } ?? "" : ""
      return "<val xsi:type=\"TaskInfo\"><key>\(object.text)</key>"
        + "<task type=\"Task\">\(object.text)</task><descriptionId>VirtualMachine.x</descriptionId>"
        + "<entity type=\"VirtualMachine\">vm-42</entity><entityName>pc7</entityName>"
        + "<state>\(word)</state><cancelled>false</cancelled><cancelable>false</cancelable>\(error)"
        + "<reason xsi:type=\"TaskReasonUser\"><userName>root</userName></reason>"
        + "<queueTime>2026-01-01T00:00:00Z</queueTime><eventChainId>1</eventChainId></val>"
    }
    switch (path, object.text) {
    case ("runtime.powerState", "vm-42"):
      return "<val xsi:type=\"VirtualMachinePowerState\">\(state.power)</val>"
    case ("runtime", "vm-42"):
      return "<val xsi:type=\"VirtualMachineRuntimeInfo\">"
        + "<connectionState>connected</connectionState><powerState>\(state.power)</powerState>"
        + "<toolsInstallerMounted>false</toolsInstallerMounted></val>"
    case ("config.extraConfig", "vm-42"):
      return "<val xsi:type=\"ArrayOfOptionValue\">\(options("OptionValue", state))</val>"
    case ("config", "vm-42"):
      return nil
    case ("name", "vm-42"): return "<val xsi:type=\"xsd:string\">pc7</val>"
    case ("content", "ServiceInstance"):
      return "<val xsi:type=\"ServiceContent\">\(Self.content)</val>"
    default: return nil
    }
  }

  private func options(_ element: String, _ state: State) -> String {
    state.extra.sorted { $0.key < $1.key }.map {
      "<\(element) xsi:type=\"OptionValue\"><key>\($0.key)</key>"
        + "<value xsi:type=\"xsd:string\">\($0.value.xmlEscaped)</value></\(element)>"
    }.joined()
  }

  private func result(_ call: XMLElement, _ inside: String) -> WebAnswer {
    envelope(200, "<\(call.name)Response xmlns=\"urn:vim25\">\(inside)</\(call.name)Response>")
  }

  private func fault(_ name: String, _ text: String) -> WebAnswer {
    envelope(
      500,
      "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>\(text)</faultstring>"
        + "<detail><\(name)Fault xmlns=\"urn:vim25\" xsi:type=\"\(name)\"/></detail></soapenv:Fault>"
    )
  }

  private func envelope(_ status: Int, _ body: String) -> WebAnswer {
    WebAnswer(
      status: status, fields: ["content-type": ["text/xml; charset=utf-8"]],
      body: Array(
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soapenv:Envelope "
          + "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
          + "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
          + "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n<soapenv:Body>\n\(body)\n"
          + "</soapenv:Body>\n</soapenv:Envelope>").utf8))
  }

  private static let content = """
    <rootFolder type="Folder">group-d1</rootFolder>
    <propertyCollector type="PropertyCollector">propertyCollector</propertyCollector>
    <viewManager type="ViewManager">ViewManager</viewManager>
    <about><name>VMware vCenter Server</name><fullName>VMware vCenter Server 7.0.3</fullName>
    <vendor>VMware, Inc.</vendor><version>7.0.3</version><build>1</build>
    <localeVersion>INTL</localeVersion><localeBuild>000</localeBuild><osType>linux-x64</osType>
    <productLineId>vpx</productLineId><apiType>VirtualCenter</apiType>
    <apiVersion>7.0.3.0</apiVersion></about>
    <sessionManager type="SessionManager">SessionManager</sessionManager>
    <searchIndex type="SearchIndex">SearchIndex</searchIndex>
    """

  private static let versions = """
    <?xml version="1.0" encoding="UTF-8" ?>
    <namespaces version="1.0"><namespace><name>urn:vim25</name><version>7.0.3.0</version>
    <priorVersions><version>6.5</version><version>6.0</version><version>5.5</version>
    </priorVersions></namespace></namespaces>
    """
}
