/// TFTPTests: which options are acknowledged, and with what.

import TFTP
import Testing

@Suite struct TFTPTermsTests {
  private func terms(
    _ options: [TFTPOption], mode: TFTPMode = .octet, size: Int = 1000,
    limits: TFTPLimits = TFTPLimits()
  ) -> TFTPTerms {
    TFTPTerms(
      request: TFTPTransferRequest(filename: "x", mode: mode, options: options), fileSize: size,
      limits: limits)
  }

  private func answer(_ name: String, _ value: String) -> String? {
    let answered = terms([TFTPOption(name, value)]).acknowledged
    #expect(answered.allSatisfy { $0.name == name })
    return answered.first?.value
  }

  @Test func `only what was asked, in the order and the spelling of the request`() {
    let asked = [
      TFTPOption("windowsize", "4"), TFTPOption("multicast", ""), TFTPOption("TSIZE", "0"),
      TFTPOption("BlkSize", "1468"), TFTPOption("timeout", "5"),
    ]
    let agreed = terms(asked)
    #expect(
      agreed.acknowledged == [
        TFTPOption("windowsize", "4"), TFTPOption("TSIZE", "1000"), TFTPOption("BlkSize", "1468"),
        TFTPOption("timeout", "5"),
      ])
    #expect(agreed.windowSize == 4 && agreed.blockSize == 1468)
    #expect(agreed.retransmission == .seconds(5))
  }

  @Test func `no options, no OACK, RFC 1350`() {
    let agreed = terms([])
    #expect(agreed.acknowledged.isEmpty && agreed.blockSize == 512 && agreed.windowSize == 1)
  }

  @Test(arguments: [
    ("0", nil), ("7", nil), ("8", "8"), ("512", "512"), ("1468", "1468"), ("1469", "1468"),
    ("65464", "1468"), ("65465", "1468"), ("-1", nil), ("abc", nil), ("", nil), ("+9", nil),
    ("99999999999999999999", nil), (" 512", nil),
  ])
  func `blksize is clamped to the interface, never below 8`(asked: String, answered: String?) {
    #expect(answer("blksize", asked) == answered)
  }

  @Test(arguments: [
    ("0", nil), ("1", "1"), ("64", "64"), ("65", "64"), ("65536", "64"), ("x", nil),
  ])
  func `windowsize is clamped, never 0`(asked: String, answered: String?) {
    #expect(answer("windowsize", asked) == answered)
  }

  @Test(arguments: [("0", nil), ("1", "1"), ("30", "30"), ("31", nil), ("256", nil)])
  func `timeout is answered unchanged or not at all`(asked: String, answered: String?) {
    #expect(answer("timeout", asked) == answered)
  }

  @Test func `tsize is the size of the file, whatever was asked`() {
    #expect(answer("tsize", "0") == "1000")
    #expect(answer("tsize", "4294967296") == "1000")
    #expect(
      terms([TFTPOption("tsize", "0")], size: 5_000_000_000).acknowledged
        == [TFTPOption("tsize", "5000000000")])
  }

  @Test func `a window has a bounded number of bytes`() {
    let jumbo = TFTPLimits(mtu: 65536)
    let agreed = terms(
      [TFTPOption("windowsize", "64"), TFTPOption("blksize", "65464")], limits: jumbo)
    #expect(agreed.blockSize == 65464 && agreed.windowSize == 2)
    #expect(TFTPLimits(mtu: 0).blockSize == 8)
    #expect(TFTPLimits(mtu: 1500, ipHeader: 40).blockSize == 1448)
  }

  @Test func `netascii gets neither tsize nor a window`() {
    let asked = [
      TFTPOption("tsize", "0"), TFTPOption("windowsize", "8"), TFTPOption("blksize", "600"),
    ]
    let agreed = terms(asked, mode: .netascii)
    #expect(agreed.acknowledged == [TFTPOption("blksize", "600")])
    #expect(agreed.windowSize == 1)
  }
}
