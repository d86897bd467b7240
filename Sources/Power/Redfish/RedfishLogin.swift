/// Power: how one is let into a Redfish service.

import Foundation

package struct RedfishLogin: Equatable, Sendable {
  package enum Method: String, CaseIterable, Sendable {
    /// A session where the service has them, else basic authentication.
    case auto
    case session
    case basic
  }

  package var user: String
  package var password: HiddenText
  package var method: Method

  package init(user: String, password: HiddenText, method: Method = .auto) {
    self.user = user
    self.password = password
    self.method = method
  }

  /// RFC 7617.
  var basic: String {
    "Basic " + Data("\(user):\(password.revealed)".utf8).base64EncodedString()
  }

  /// The body that creates a session (DSP0266 §13.3.4).
  var session: [UInt8] {
    let body = try? JSONEncoder().encode(["UserName": user, "Password": password.revealed])
    return body.map(Array.init) ?? []
  }
}

/// Which system of a service is the machine.
package struct RedfishSelection: Equatable, Sendable {
  /// `/redfish/v1/Systems/1`, or the last part of it.
  package var system: String?
  /// The machine's SMBIOS UUID, where the record has one.
  package var uuid: String?

  package init(system: String? = nil, uuid: String? = nil) {
    self.system = system
    self.uuid = uuid
  }
}
