/// TFTPTests: a bounded number of transfers, and who leaves when it is reached.

import Testing
import Wire

@testable import TFTP

@Suite struct TFTPTransferTableTests {
  private func key(_ host: Int, port: UInt16 = 2070) -> TFTPTransferKey {
    TFTPTransferKey(
      client: Endpoint(IPv4Address(value: 0x0a00_0000 + UInt32(host)), port), local: .loopback)
  }

  private func table(_ capacity: Int, _ ofAddress: Int = 100) -> TFTPTransferTable<Int> {
    TFTPTransferTable(capacity: capacity, capacityOfAddress: ofAddress)
  }

  @Test func `the oldest transfer without an answer leaves first`() {
    var table = table(3)
    for host in 1...3 {
      #expect(table.room(for: key(host)) == .free)
      table.insert(host, for: key(host))
    }
    table.markAnswered(key(1))
    #expect(table.room(for: key(4)) == .evict(key(2)))
    table.remove(key(2))
    table.insert(4, for: key(4))
    #expect(table.room(for: key(5)) == .evict(key(3)))
  }

  @Test func `answered transfers are never pushed out`() {
    var table = table(2)
    for host in 1...2 {
      table.insert(host, for: key(host))
      table.markAnswered(key(host))
    }
    #expect(table.room(for: key(3)) == .none)
    table.remove(key(1))
    #expect(table.room(for: key(3)) == .free)
  }

  @Test func `one address has a limit of its own`() {
    var table = table(100, 2)
    table.insert(1, for: key(1, port: 1))
    table.insert(2, for: key(1, port: 2))
    #expect(table.room(for: key(1, port: 3)) == .evict(key(1, port: 1)))
    table.markAnswered(key(1, port: 1))
    #expect(table.room(for: key(1, port: 3)) == .evict(key(1, port: 2)))
    table.markAnswered(key(1, port: 2))
    #expect(table.room(for: key(1, port: 3)) == .none)
    #expect(table.room(for: key(2)) == .free)
  }

  @Test func `a transfer can begin again under the same key`() {
    var table = table(2)
    table.insert(1, for: key(1))
    table.insert(2, for: key(1))
    #expect(table.count == 1)
    #expect(table[key(1)] == 2)
    table.insert(3, for: key(2))
    #expect(table.room(for: key(3)) == .evict(key(1)))
    #expect(
      table.update(key(1)) {
        $0 += 10
        return $0
      } == 12)
    #expect(table.update(key(9)) { $0 } == nil)
  }

  @Test func `a flood leaves as many as fit`() {
    var table = table(10)
    for host in 0..<1000 {
      if case .evict(let old) = table.room(for: key(host)) {
        #expect(old == key(host - 10))
        table.remove(old)
      }
      table.insert(host, for: key(host))
      #expect(table.count <= 10)
    }
    for host in 990..<1000 { #expect(table[key(host)] == host) }
  }
}
