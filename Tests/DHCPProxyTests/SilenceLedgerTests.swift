/// Tests of DHCPProxy: what was told of machines that get no answer.

import Testing
import Wire

@testable import DHCPProxy

@Suite struct SilenceLedgerTests {
  @Test func aReasonIsToldOnceForEachMachine() {
    var ledger = SilenceLedger(limit: 100)
    let one = MACAddress(value: 0x5254_0000_0001)
    let other = MACAddress(value: 0x5254_0000_0002)
    let told = [
      ledger.isFirst(one, "no boot program"), ledger.isFirst(one, "no boot program"),
      ledger.isFirst(one, "no «allow» rule names it"), ledger.isFirst(other, "no boot program"),
    ]
    #expect(told == [true, false, true, true])
    for number in 0..<1000 as Range<UInt64> {
      _ = ledger.isFirst(MACAddress(value: 0x0200_0000_0000 + number), "no boot program")
    }
    #expect(ledger.count == 100)
    let again = ledger.isFirst(one, "no boot program")
    #expect(again, "what was quiet longest is told again")
  }
}
