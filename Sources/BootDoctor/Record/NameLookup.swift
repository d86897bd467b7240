/// BootDoctor: a question to a DNS server.

package import Wire

package struct NameLookup: Equatable, Sendable {
  package enum Outcome: Equatable, Sendable {
    case unanswered
    case addresses([IPAddress])
    /// Answered, without an address.
    case empty
    /// RFC 1035 §4.1.1: 2 is SERVFAIL, 3 is NXDOMAIN, 5 is REFUSED.
    case failed(code: UInt8)
    case unreachable
  }

  package var name: String
  package var server: IPAddress
  package var questions: Sightings
  package var outcome = Outcome.unanswered
  package var answered: Moment?

  package init(name: String, server: IPAddress, questions: Sightings) {
    self.name = name
    self.server = server
    self.questions = questions
  }

  package var begin: Moment { questions.first }
  package var end: Moment { answered ?? questions.last }
}

/// An ARP question of the machine that nobody answered, or somebody did.
package struct AddressQuestion: Equatable, Sendable {
  package var target: IPAddress
  package var questions: Sightings
  package var answered: Moment?

  package init(target: IPAddress, questions: Sightings) {
    self.target = target
    self.questions = questions
  }

  package var begin: Moment { questions.first }
  package var end: Moment { answered ?? questions.last }
}
