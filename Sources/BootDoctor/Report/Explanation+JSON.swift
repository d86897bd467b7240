/// BootDoctor: an explanation for programs.

import DHCPProxy
package import Foundation
import Wire

/// `fino explain --json`: keys stay, new ones may come.
package struct ExplanationDocument: Codable, Equatable, Sendable {
  package struct Machine: Codable, Equatable, Sendable {
    package var mac: String?
    package var vendor: String?
    package var addresses: [String]
    package var uuid: String?
    /// IANA's number, and its name.
    package var architecture: Int?
    package var architectureName: String?
    package var firmware: String?
    package var boots: [Boot]
    package var omittedBoots: Int
  }

  package struct Boot: Codable, Equatable, Sendable {
    /// Seconds since 1970.
    package var begin: Double
    package var end: Double
    package var silence: Double
    package var booted: Bool
    package var steps: [Step]
    package var omittedSteps: Int
    package var verdicts: [Finding]
  }

  package struct Step: Codable, Equatable, Sendable {
    package var time: Double
    package var packet: Int
    package var lastPacket: Int
    package var kind: String
    package var text: String
    package var trouble: Bool
  }

  package struct Finding: Codable, Equatable, Sendable {
    package var code: String
    package var severity: String
    package var cause: String
    package var evidence: [Int]
    package var remedy: String
    package var screen: [String]
  }

  package var title: String
  package var packets: Int
  package var begin: Double
  package var end: Double
  package var machines: [Machine]
  package var remarks: [String]
}

extension ExplanationDocument {
  package init(_ explanation: Explanation) {
    title = explanation.title
    packets = explanation.network.packets
    begin = Self.seconds(explanation.network.begin)
    end = Self.seconds(explanation.network.end)
    remarks = explanation.remarks
    machines = zip(explanation.network.clients, explanation.verdicts).map { client, verdicts in
      Machine(
        mac: client.mac?.description, vendor: client.vendor,
        addresses: client.addresses.map(\.description), uuid: client.uuid?.description,
        architecture: client.architecture.map(Int.init),
        architectureName: client.architecture.map { Architecture(rawValue: $0).description },
        firmware: client.family?.rawValue,
        boots: zip(client.boots, verdicts).map { Boot($0, $1) }, omittedBoots: client.omittedBoots)
    }
  }

  static func seconds(_ nanoseconds: UInt64) -> Double {
    // Microseconds: a double has no more at this size.
    Double(nanoseconds / 1000) / 1e6
  }

  /// With sorted keys, so that it is the same each time.
  package var encoded: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }
}

extension ExplanationDocument.Boot {
  init(_ boot: BootRecord, _ verdicts: [Verdict]) {
    begin = ExplanationDocument.seconds(boot.begin.time)
    end = ExplanationDocument.seconds(boot.end.time)
    silence = Double(boot.silence / 1000) / 1e6
    booted = boot.hasBooted
    omittedSteps = boot.omittedSteps
    steps = boot.lines.map {
      ExplanationDocument.Step(
        time: ExplanationDocument.seconds($0.moment.time), packet: $0.moment.packet,
        lastPacket: $0.lastPacket, kind: $0.kind, text: $0.text, trouble: $0.isTrouble)
    }
    self.verdicts = verdicts.map {
      ExplanationDocument.Finding(
        code: $0.code.rawValue, severity: $0.severity.rawValue, cause: $0.cause,
        evidence: $0.evidence, remedy: $0.remedy, screen: $0.screen)
    }
  }
}
