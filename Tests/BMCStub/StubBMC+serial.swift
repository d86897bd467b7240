/// BMCStub: a serial console that writes back what it reads.

import Fixtures
import IPMI
import Wire

extension StubBMC {
  /// The BMC's end of the console.
  struct SerialEnd {
    var bmcID: UInt32
    var sequence: UInt8 = 0
    /// Sent, not acknowledged.
    var flight: [UInt8] = []
    var waiting: [UInt8] = []
    var lastReceived: UInt8 = 0
    var lastAccepted: UInt8 = 0
  }

  mutating func switchSerial(_ request: LANRequest, _ bmcID: UInt32) -> LANResponse {
    guard personality.hasSerial else {
      return LANResponse(to: request, completionCode: CompletionCode(rawValue: 0x81))
    }
    if request.command == DeactivatePayload.code {
      let isActive = serial != nil
      serial = nil
      return LANResponse(to: request, completionCode: CompletionCode(rawValue: isActive ? 0 : 0x80))
    }
    guard serial == nil else {
      return LANResponse(to: request, completionCode: CompletionCode(rawValue: 0x80))
    }
    serial = SerialEnd(bmcID: bmcID)
    let response = ActivatePayload.Response(inboundSize: 64, outboundSize: 64, port: 623)
    return LANResponse(to: request, data: response.bytes)
  }

  mutating func greeting(after request: LANRequest, _ bmcID: UInt32) -> [[UInt8]] {
    guard request.command == ActivatePayload.code, !personality.serialGreeting.isEmpty,
      var login = logins[bmcID], let seal = login.seal, var end = serial, end.bmcID == bmcID,
      end.sequence == 0
    else { return [] }
    end.sequence = 1
    end.flight = personality.serialGreeting
    serial = end
    login.sequence += 1
    logins[bmcID] = login
    return [
      seal.seal(
        SerialPacket(sequence: end.sequence, characters: end.flight).payload, type: .serialOverLAN,
        sessionID: login.consoleID, sequence: login.sequence, iv: random.array(16))
    ]
  }

  mutating func serial(_ packet: SessionPacket, _ datagram: [UInt8]) -> [[UInt8]] {
    guard var login = logins[packet.sessionID], let seal = login.seal,
      let opened = try? seal.open(packet, datagram: datagram),
      login.window.accept(opened.sequence), var end = serial, end.bmcID == packet.sessionID,
      let input = try? SerialPacket(parsing: opened.payload)
    else { return [] }
    var answers: [SerialPacket] = []
    if input.acknowledged != 0, input.acknowledged == end.sequence { end.flight = [] }
    if input.sequence != 0 {
      var accepted = end.lastAccepted
      var flags = SerialPacket.Flags()
      if personality.serialRefusals > 0 {
        personality.serialRefusals -= 1
        accepted = 0
        flags = .refused
      } else if input.sequence != end.lastReceived {
        let taken = input.characters.prefix(personality.serialAppetite)
        serialInput += taken
        end.waiting += taken
        accepted = UInt8(clamping: taken.count)
        if taken.count < input.characters.count { flags = .refused }
        end.lastReceived = input.sequence
        end.lastAccepted = accepted
      }
      answers.append(
        SerialPacket(
          sequence: 0, acknowledged: input.sequence, accepted: accepted, flags: flags))
    }
    // What was not acknowledged goes out again with the next packet that comes, and may have grown.
    if end.flight.isEmpty, !end.waiting.isEmpty {
      end.sequence = end.sequence % 15 + 1
    }
    if !end.waiting.isEmpty || !end.flight.isEmpty {
      end.flight += end.waiting
      end.waiting = []
      answers.append(SerialPacket(sequence: end.sequence, characters: end.flight))
    }
    serial = end
    return answers.map { answer in
      login.sequence += 1
      logins[packet.sessionID] = login
      return seal.seal(
        answer.payload, type: .serialOverLAN, sessionID: login.consoleID,
        sequence: login.sequence, iv: random.array(16))
    }
  }
}
