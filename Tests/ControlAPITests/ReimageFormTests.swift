/// Tests of ControlAPI: what callers may send to /reimage.

import Inventory
import Testing
import Wire

@testable import ControlAPI

@Suite struct ReimageFormTests {
  private let good = [
    "mac_address": "52-54-00-AA-00-01", "obm_address": "10.0.0.9", "location": "debian",
    "kernel_opts": "a=b c",
  ]

  private func mistakes(
    _ changes: [String: String] = [:], without missing: String? = nil
  ) -> [String] {
    var fields = good.merging(changes) { $1 }
    if let missing { fields[missing] = nil }
    do throws(ReimageForm.Mistakes) {
      _ = try ReimageForm(fields: fields).request(
        problemWithBMC: { $0 == "bad bmc" ? "it is no address" : nil },
        problemWithLocation: { $0 == "debian" ? nil : "location «\($0)» has no vmlinuz" })
      return []
    } catch {
      return error.sentences
    }
  }

  @Test func aRequestKeepsWhatItDoesNotKnow() throws {
    let form = ReimageForm(fields: good.merging(["release": "bookworm"]) { $1 })
    let request = try form.request(problemWithBMC: { _ in nil }, problemWithLocation: { _ in nil })
    #expect(request.mac == MACAddress(value: 0x5254_00aa_0001))
    #expect(request.kernelOptions == "a=b c")
    #expect(request.parameters == ["release": "bookworm"])
  }

  @Test func everyMistakeIsNamedAtOnce() {
    #expect(mistakes() == [])
    #expect(mistakes(["kernel_opts": ""]) == [])
    #expect(mistakes(without: "kernel_opts") == ["missing parameter: kernel_opts"])
    #expect(
      mistakes(["mac_address": "xx", "location": "nowhere"], without: "obm_address") == [
        "missing parameter: obm_address",
        "mac_address «xx» is not a MAC address (12 hexadecimal digits)",
        "location «nowhere» has no vmlinuz",
      ])
    #expect(mistakes(["obm_address": "bad bmc"]) == ["obm_address: it is no address"])
  }

  @Test func aLineBreakWouldBeACommandOfTheCallers() {
    #expect(
      mistakes(["kernel_opts": "a\nshell"]) == [
        "kernel_opts has a line break or another control character in it"
      ])
    #expect(mistakes(["kernel_opts": String(repeating: "x", count: 3000)]).count == 1)
  }

  /// iPXE ends a command there; what follows would be one of the caller's.
  @Test(arguments: ["a || shell", "a && b", "quiet ; shell", "a #b"])
  func wordsThatEndACommandAreRefused(_ options: String) {
    #expect(mistakes(["kernel_opts": options]).first?.contains("ends the kernel command") == true)
  }

  @Test func theSameSignsInsideOfAWordAreKept() {
    #expect(mistakes(["kernel_opts": "a=b;c d=x#y url=http://h/?a=1&&b=${mac}"]) == [])
  }
}
