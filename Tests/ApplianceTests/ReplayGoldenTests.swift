/// Tests of Appliance: what every captured machine is answered today, by the whole way from the
/// configuration to the bytes.

import BootDoctor
import Fixtures
import Foundation
import PacketCapture
import Testing

@testable import Appliance

/// Refresh with FINO_REFRESH_GOLDENS=1, then read the diff.
@Suite struct ReplayGoldenTests {
  @Test(arguments: Fixtures.captures)
  func everyCaptureIsAnsweredAsItsGoldenSays(_ name: String) async throws {
    let state = FileManager.default.temporaryDirectory.appending(path: "no-state-\(UUID())").path
    let settings = try SettingsReader(commandLine: ["state": [state]], environment: [:])
      .read(text: "", name: "empty")
    let forecast = try BootForecast(settings)
    var options = Replay.Options()
    (options.plan, options.rules) = (forecast.plan, forecast.rules)
    let capture = try Fixtures.bytes("captures/\(name).pcap")
    let result = Result {
      var reader = CaptureReader(bytes: capture)
      return try Replay(&reader, options).text(isFull: true) + "\n"
    }
    await forecast.close()
    #expect(try Fixtures.difference(from: "replay/\(name).txt", try result.get()) == nil)
    #expect(!FileManager.default.fileExists(atPath: state))
  }

  @Test func thereAreCaptures() {
    #expect(Fixtures.captures.contains("faults/healthy-uefi"))
    #expect(Fixtures.captures.count >= 50)
  }
}
