/// Inventory: one step of a boot, as it is observed and as it is kept.

package import Foundation
package import Wire

/// What a room saw or did.
package struct BootObservation: Hashable, Sendable {
  package var kind: BootEventKind
  /// nil where only the address is known; the journal finds the machine.
  package var mac: MACAddress?
  /// The address of the machine; nil where it has none yet.
  package var address: IPAddress?
  package var at: Date
  /// One sentence for people.
  package var text: String
  /// The same for programs.
  package var details: [String: String]

  package init(
    _ kind: BootEventKind, mac: MACAddress? = nil, address: IPAddress? = nil, at: Date,
    text: String, details: [String: String] = [:]
  ) {
    self.kind = kind
    self.mac = mac
    self.address = address
    self.at = at
    self.text = text
    self.details = details
  }
}

/// An observation that has its place in a story.
package struct BootEvent: Hashable, Sendable, Identifiable {
  /// Counts up in the order of recording.
  package let id: Int
  /// The boot that it belongs to.
  package let boot: Int
  package let kind: BootEventKind
  package let mac: MACAddress?
  package let address: IPAddress?
  package let at: Date
  package let text: String
  package let details: [String: String]
}

/// The story of one boot.
package struct Boot: Hashable, Sendable, Identifiable {
  package let id: Int
  /// nil where only an address is known.
  package let mac: MACAddress?
  /// The machine's address, once it has one.
  package let address: IPAddress?
  package let startedAt: Date
  package let lastAt: Date
  /// In the order of recording.
  package let events: [BootEvent]
}
