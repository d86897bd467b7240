/// Tests of HTTPBoot: no more connections than the process can have files.

import Testing

@testable import HTTPBoot

@Suite struct HTTPLimitsTests {
  @Test func connectionsLeaveRoomForTheFilesThatTheySend() {
    let limits = HTTPLimits()
    #expect(limits.fitting(openFiles: 65_536) == limits)
    for files in [4, 64, 256, 1024, 4096, 32_768] {
      let fitting = limits.fitting(openFiles: files)
      #expect(fitting.connections < limits.connections && fitting.connections * 4 <= max(files, 4))
      #expect(fitting.openFiles == files)
    }
    #expect(limits.fitting(openFiles: 0).connections == 1)
  }

  @Test func anOperatorHearsOfItOnlyWhenItMatters() {
    var limits = HTTPLimits()
    limits.connections = 500
    #expect(limits.fitting(openFiles: 4096).complaint(wanted: 500) == nil)
    #expect(
      limits.fitting(openFiles: 1024).complaint(wanted: 500)
        == "HTTP takes 192 connections at a time, not 500 (http.connections): this process may open "
        + "only 1024 files; raise that limit (LimitNOFILE, ulimit -n)")
  }
}
