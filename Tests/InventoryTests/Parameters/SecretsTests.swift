/// InventoryTests: passwords go in and never come out.

import Jinja
import Testing

@testable import Inventory

@Suite struct SecretsTests {
  @Test func `masked, also inside of objects and lists`() {
    let own = parameters(
      #"{"ipmi_password": "a", "ipmi_kg": "k", "vmware_password": "b", "x": {"c_password": ["c"]}, "l": [{"d_password": 1}], "e_password": null, "password_hint": "none"}"#
    )
    #expect(
      JSONWriter.text(.dict(Secrets.masked(own)))
        == #"{"ipmi_password": "***", "ipmi_kg": "***", "vmware_password": "***", "x": {"c_password": "***"}, "l": [{"d_password": "***"}], "e_password": null, "password_hint": "none"}"#
    )
  }

  @Test func `who writes back what was shown loses nothing`() {
    let own = parameters(
      #"{"ipmi_password": "a", "x": {"c_password": "c"}, "l": [{"d_password": "d"}]}"#)
    #expect(Secrets.restored(Secrets.masked(own), from: own) == own)
    var changed = Secrets.masked(own)
    changed["ipmi_password"] = "new"
    changed["other_password"] = Secrets.mask
    let result = Secrets.restored(changed, from: own)
    #expect(result["ipmi_password"] == "new")
    #expect(result["other_password"] == Secrets.mask)
    #expect(Secrets.hasMask(result))
    #expect(!Secrets.hasMask(own))
  }
}
