/// BMCStub: what happens to datagrams between a client and a BMC.

import Fixtures

/// Decides for each datagram, by its number in its direction or by chance.
package struct Weather: Sendable {
  package enum Fate: Sendable {
    case arrives
    case lost
    case arrivesTwice
    /// Comes after the next wait has expired.
    case late
    /// Comes after the datagram that follows it in the same delivery round.
    case overtaken
  }

  package enum Direction: Sendable {
    case toBMC
    case toClient
  }

  /// From 0.
  private var toBMC: [Int: Fate]
  private var toClient: [Int: Fate]
  private var counts = (toBMC: 0, toClient: 0)
  /// Of 100.
  private var chance: Int = 0
  private var lossOnly = false
  private var random = SeededRandom(seed: 1)

  package init(toBMC: [Int: Fate] = [:], toClient: [Int: Fate] = [:]) {
    self.toBMC = toBMC
    self.toClient = toClient
  }

  /// Each datagram has a fate other than arriving in `percent` of the cases.
  package init(percent: Int, seed: UInt64) {
    self.init()
    chance = percent
    random = SeededRandom(seed: seed)
  }

  /// Only losses, in `percent` of the cases.
  package init(loss percent: Int, seed: UInt64) {
    self.init(percent: percent, seed: seed)
    lossOnly = true
  }

  package mutating func fate(_ direction: Direction) -> Fate {
    let number: Int
    let scripted: Fate?
    switch direction {
    case .toBMC:
      number = counts.toBMC
      scripted = toBMC[number]
      counts.toBMC += 1
    case .toClient:
      number = counts.toClient
      scripted = toClient[number]
      counts.toClient += 1
    }
    if let scripted { return scripted }
    guard chance > 0, Int.random(in: 0..<100, using: &random) < chance else { return .arrives }
    if lossOnly { return .lost }
    return [.lost, .lost, .arrivesTwice, .late, .overtaken].randomElement(using: &random) ?? .lost
  }
}
