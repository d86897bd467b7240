/// Inventory: hosts, groups and templates as memory has them.

private import Jinja
package import Wire

package struct Host: Equatable, Sendable {
  package let id: String
  /// As they were stored, with secrets.
  package let parameters: Parameters
  package let revision: Int

  /// What the API may show.
  package var shown: Parameters { Secrets.masked(parameters) }

  /// Whether its installer has said its last words; see `InstalledMark`.
  package var isInstalled: Bool {
    Inheritance.groupNames(in: parameters)?.contains(InstalledMark.group) == true
  }

  /// The addresses by which it is found: `mac`, a string or a list, and an id that is one.
  package var macs: [MACAddress] {
    var texts = [id]
    switch parameters["mac"] {
    case .string(let text)?: texts.append(text)
    case let value?: texts += value.strings ?? []
    case nil: break
    }
    return texts.compactMap { MACAddress($0) }.filter(\.isUnicast)
  }

  /// The UUIDs by which it is found: its id, and a parameter `uuid` of its own. Fillers that many
  /// boards share are none.
  package var uuids: [SystemUUID] {
    var texts = [id]
    if case .string(let text)? = parameters["uuid"] { texts.append(text) }
    return texts.compactMap { SystemUUID($0) }.filter(\.isIdentity)
  }
}

package struct Group: Equatable, Sendable {
  package let name: String
  /// As they were stored, with secrets.
  package let parameters: Parameters
  package let revision: Int

  package var shown: Parameters { Secrets.masked(parameters) }
}

package struct Template: Equatable, Sendable {
  package let name: String
  /// Byte for byte as it was stored.
  package let bytes: [UInt8]
  package let revision: Int

  /// nil where it is not in UTF-8, and can be stored and fetched but not rendered.
  package var text: String? { String(validating: bytes, as: UTF8.self) }
}
