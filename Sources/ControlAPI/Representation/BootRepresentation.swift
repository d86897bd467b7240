/// ControlAPI: the story of a boot as JSON.

import Foundation
package import Inventory
import Wire

package struct BootRepresentation: Codable, Equatable, Sendable {
  package var id: Int
  package var mac: String?
  package var address: String?
  package var startedAt: String
  package var lastAt: String
  package var events: [EventRepresentation]

  enum CodingKeys: String, CodingKey {
    case id, mac, address, events
    case startedAt = "started_at"
    case lastAt = "last_at"
  }

  package init(_ boot: Boot) {
    id = boot.id
    mac = boot.mac?.description
    address = boot.address?.description
    startedAt = Timestamp.text(boot.startedAt)
    lastAt = Timestamp.text(boot.lastAt)
    events = boot.events.map(EventRepresentation.init)
  }
}

package struct EventRepresentation: Codable, Equatable, Sendable {
  package var id: Int
  package var boot: Int
  package var kind: String
  package var mac: String?
  package var address: String?
  package var at: String
  package var text: String
  package var details: [String: String]

  package init(_ event: BootEvent) {
    id = event.id
    boot = event.boot
    kind = event.kind.rawValue
    mac = event.mac?.description
    address = event.address?.description
    at = Timestamp.text(event.at)
    text = event.text
    details = event.details
  }
}

package struct BootList: Codable, Equatable, Sendable {
  package var boots: [BootRepresentation]
}

/// Times in JSON and on pages.
enum Timestamp {
  /// ISO 8601 in UTC with milliseconds: `2026-01-31T12:00:00.000Z`.
  static func text(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
