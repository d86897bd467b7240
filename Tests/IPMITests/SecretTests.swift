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
