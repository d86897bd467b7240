/// Power: the SOAP of vSphere's web services: what is asked, and what comes back.

/// A managed object: `VirtualMachine` `vm-42`.
struct ManagedObject: Equatable, Sendable {
  var type: String
  var id: String

  init(_ type: String, _ id: String) {
    self.type = type
    self.id = id
  }

  /// `<returnval type="VirtualMachine">vm-42</returnval>`
  init?(_ element: XMLElement) {
    guard let type = element.attribute("type"), !element.text.isEmpty else { return nil }
    self.init(type, element.text)
  }
}

/// One argument of a method. Order matters: the schema is a sequence.
enum SOAPArgument: Equatable, Sendable {
  case object(String, ManagedObject)
  case text(String, String)
  case flag(String, Bool)
  /// With `xsi:type`, where the schema has a more general type than the value.
  case typed(String, type: String, [SOAPArgument])
  /// A value whose type the schema leaves open.
  case anyText(String, String)
  case group(String, [SOAPArgument])

  var xml: String {
    switch self {
    case .object(let name, let object):
      "<\(name) type=\"\(object.type.xmlEscaped)\">\(object.id.xmlEscaped)</\(name)>"
    case .text(let name, let text): "<\(name)>\(text.xmlEscaped)</\(name)>"
    case .flag(let name, let flag): "<\(name)>\(flag)</\(name)>"
    case .typed(let name, let type, let children):
      "<\(name) xsi:type=\"\(type)\">\(children.map(\.xml).joined())</\(name)>"
    case .anyText(let name, let text):
      "<\(name) xsi:type=\"xsd:string\">\(text.xmlEscaped)</\(name)>"
    case .group(let name, let children):
      "<\(name)>\(children.map(\.xml).joined())</\(name)>"
    }
  }
}

/// One call of a method of a managed object.
struct SOAPCall: Equatable, Sendable {
  var method: String
  var this: ManagedObject
  var arguments: [SOAPArgument] = []

  /// The oldest version of the API that has all that is asked here; newer servers speak it too.
  static let action = "urn:vim25/5.5"

  var body: [UInt8] {
    let inside = ([SOAPArgument.object("_this", this)] + arguments).map(\.xml).joined()
    return Array(
      ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        + "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        + "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
        + "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
        + "<\(method) xmlns=\"urn:vim25\">\(inside)</\(method)>"
        + "</soapenv:Body></soapenv:Envelope>").utf8)
  }
}

/// What a call came to.
enum SOAPAnswer: Equatable, Sendable {
  /// The `returnval` elements; none for a method without a result.
  case values([XMLElement])
  /// `InvalidLogin`, and the server's sentence.
  case fault(name: String, text: String)

  init(parsing bytes: [UInt8], method: String) throws(DriverError) {
    let root: XMLElement
    do throws(XMLReader.Problem) {
      root = try XMLElement(parsing: bytes)
    } catch {
      throw DriverError(
        .malformed,
        "its answer to “\(method)” cannot be read: \(error.what) at byte \(error.offset)")
    }
    guard root.name == "Envelope", let body = root.child("Body") else {
      throw DriverError(.malformed, "its answer to “\(method)” is no SOAP envelope")
    }
    if let fault = body.child("Fault") {
      let detail = fault.child("detail")?.children.first
      let name = detail?.attribute("type") ?? detail?.name ?? ""
      self = .fault(
        name: Self.faultName(name),
        text: (fault.child("faultstring")?.text ?? "").oneLine(limit: 300))
      return
    }
    guard let response = body.child("\(method)Response") else {
      throw DriverError(.malformed, "its answer to “\(method)” has no \(method)Response")
    }
    self = .values(response.all("returnval"))
  }

  /// `InvalidLoginFault` and `vim25:InvalidLogin` are both `InvalidLogin`.
  static func faultName(_ text: String) -> String {
    let local = text.split(separator: ":").last.map(String.init) ?? text
    return local.hasSuffix("Fault") && local != "MethodFault" ? String(local.dropLast(5)) : local
  }
}
