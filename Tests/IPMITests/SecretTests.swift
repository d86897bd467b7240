/// IPMITests: passwords show themselves nowhere.

import BMCStub
import IPMI
import Testing

struct SecretTests {
  @Test func noTextShowsIt() throws {
    let login = try IPMILogin.test(password: "hunter2", kg: "hunter3")
    var texts = ["\(login)", String(describing: login), String(reflecting: login)]
    var dumped = ""
    dump(login, to: &dumped)
    dump(Handshake(login), to: &dumped)
    texts.append(dumped)
    for text in texts {
      #expect(!text.contains("hunter"))
      // "hunter" as a list of bytes.
      #expect(!text.contains("104, 117"))
    }
    #expect(!dumped.contains("104\n"))
    #expect("\(login.password)" == "***")
  }

  @Test func equalityIsByValue() {
    #expect(Secret("a") == Secret("a"))
    #expect(Secret("a") != Secret("b"))
    #expect(Secret("").isEmpty)
  }

  @Test func keysOfASessionAreHiddenToo() {
    let bytes = [UInt8](repeating: 1, count: 16)
    let keys = KeyExchange(
      hash: .sha256, consoleID: 1, bmcID: 2, consoleRandom: bytes, bmcRandom: bytes, guid: bytes,
      role: 0x14, username: []
    ).keys(password: Secret("secret"), kg: nil)
    var dumped = ""
    dump(keys, to: &dumped)
    #expect("\(keys)" == "***")
    #expect(dumped.split(separator: "\n").count == 1)
  }

  @Test func aKeyIsTextOrHexadecimal() throws {
    #expect(try Secret(kg: "KgSecretKey") == Secret("KgSecretKey"))
    #expect(try Secret(kg: "0x4b67ff00") == Secret(bytes: [0x4b, 0x67, 0xff, 0x00]))
    #expect(try Secret(kg: "0X4B") == Secret("K"))
    for wrong in ["0x", "0x4", "0x4g", "0x+1", "0x4b 4b", "0x４b"] {
      #expect(throws: IPMIError.badKg) { try Secret(kg: wrong) }
    }
    let twenty = "0x" + String(repeating: "a1", count: 20)
    #expect(try IPMILogin(username: "a", password: Secret("p"), kg: Secret(kg: twenty)).kg != nil)
    #expect(throws: IPMIError.tooLong(.kg, limit: 20)) {
      try IPMILogin(username: "a", password: Secret("p"), kg: Secret(kg: twenty + "a1"))
    }
  }

  /// IPMI 2.0 §22.13: a K_g of zeros is the default, that is none.
  @Test func aKeyOfZerosIsNone() throws {
    for zeros in ["", "0x00", "0x" + String(repeating: "00", count: 20)] {
      let login = try IPMILogin(username: "a", password: Secret("p"), kg: Secret(kg: zeros))
      #expect(login.kg == nil)
    }
  }

  @Test func tooLongIsRefused() throws {
    let long = String(repeating: "x", count: 21)
    #expect(throws: IPMIError.tooLong(.password, limit: 20)) {
      try IPMILogin.test(password: long)
    }
    #expect(throws: IPMIError.tooLong(.kg, limit: 20)) { try IPMILogin.test(kg: long) }
    #expect(throws: IPMIError.tooLong(.username, limit: 16)) {
      try IPMILogin.test(username: long)
    }
  }
}
