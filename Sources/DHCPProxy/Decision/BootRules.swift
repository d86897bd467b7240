/// DHCPProxy: what people decided about machines, as one value.

package struct BootRules: Sendable {
  /// Who may boot.
  package var admission: BootAdmission
  /// Who is answered in which way, whatever the ladder says.
  package var pins: StrategyPins

  /// By default everybody may, and nobody's way is prescribed.
  package init(admission: BootAdmission = BootAdmission(), pins: StrategyPins = StrategyPins()) {
    self.admission = admission
    self.pins = pins
  }
}
