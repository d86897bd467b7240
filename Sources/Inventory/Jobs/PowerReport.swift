/// Inventory: what became of the power command that a reimage request caused.

package enum PowerReport: Hashable, Sendable {
  /// No answer from the BMC yet.
  case pending
  case succeeded(String)
  case failed(String)
}
