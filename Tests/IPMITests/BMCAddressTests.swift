/// IPMITests: the spellings of a BMC's address.

import IPMI
import Testing

struct BMCAddressTests {
  @Test(arguments: [
    ("10.0.0.7", "10.0.0.7", 623 as UInt16), ("10.0.0.7:9623", "10.0.0.7", 9623),
    ("::1", "::1", 623),
    ("[::1]", "::1", 623), ("[2001:DB8:0::7]:9623", "2001:db8::7", 9623),
    ("::ffff:10.0.0.7", "10.0.0.7", 623), ("BMC7.example.net", "bmc7.example.net", 623),
    ("bmc_7:1", "bmc_7", 1),
  ])
  func reads(_ text: String, _ host: String, _ port: UInt16) throws {
    let address = try BMCAddress(text)
    #expect(address.host == host)
    #expect(address.port == port)
  }

  @Test(arguments: [
    "", ":623", "10.0.0.7:", "10.0.0.7:0", "10.0.0.7:65536", "10.1", "10.0.0.256", "[::1", "[::1]9",
    "[::1]:", "[10.0.0.7]", "[bmc]", "1::2::3", "-x",
    "a b", "a/b", "10.0.0.7:x", "bmc;reboot",
  ])
  func refuses(_ text: String) {
    #expect(throws: IPMIError.badAddress(text)) { try BMCAddress(text) }
  }

  @Test(arguments: ["10.0.0.7", "10.0.0.7:9623", "[::1]", "[2001:db8::7]:9623", "bmc7:1"])
  func itsDescriptionIsAnAddressAgain(_ text: String) throws {
    let address = try BMCAddress(text)
    #expect(address.description == text)
    #expect(try BMCAddress(address.description) == address)
  }
}
