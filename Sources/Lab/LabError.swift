/// Lab: what went wrong in the laboratory, as one sentence for a person.

package struct LabError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}
