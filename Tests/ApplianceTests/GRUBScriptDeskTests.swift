/// Tests of Appliance: GRUB's scripts between the question and the answer.

import Testing
import Wire

@testable import Appliance

@Suite struct GRUBScriptDeskTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)

  @Test func theFirstQuestionBeginsAndTheOthersWait() {
    var desk = GRUBScriptDesk()
    #expect(desk.ask(mac, at: 0) == .begin)
    #expect(desk.ask(mac, at: 1) == .wait)
    #expect(desk.ask(MACAddress(value: 2), at: 1) == .begin)
    desk.finish(mac, .success("text"), at: 2)
    #expect(desk.ask(mac, at: 3) == .script("text"))
    #expect(desk.ask(mac, at: 11) == .script("text"), "a packet may be lost")
  }

  @Test func theNextBootIsAskedAnew() {
    var desk = GRUBScriptDesk()
    _ = desk.ask(mac, at: 0)
    desk.finish(mac, .success("text"), at: 1)
    #expect(desk.ask(mac, at: 11) == .begin)
  }

  @Test func aFailureIsToldOnceAndTriedAgain() {
    var desk = GRUBScriptDesk()
    _ = desk.ask(mac, at: 0)
    desk.finish(mac, .failure(.init(reason: "the disk is full")), at: 1)
    #expect(desk.ask(mac, at: 2) == .refusal("the disk is full"))
    #expect(desk.ask(mac, at: 7) == .begin)
  }

  @Test func workThatNeverEndsIsGivenUp() {
    var desk = GRUBScriptDesk()
    _ = desk.ask(mac, at: 0)
    #expect(desk.ask(mac, at: 59) == .wait)
    #expect(desk.ask(mac, at: 60) == .begin)
  }

  @Test func whatNobodyAskedForIsDropped() {
    var desk = GRUBScriptDesk()
    desk.finish(mac, .success("text"), at: 0)
    #expect(desk.ask(mac, at: 0) == .begin)
  }

  @Test func inventedMachinesNeitherMakeItGrowNorPushOutARealOne() {
    var desk = GRUBScriptDesk()
    #expect(desk.ask(mac, at: 0) == .begin)
    var begun = 1
    for value in 1...10_000 where desk.ask(MACAddress(value: UInt64(value)), at: 0) == .begin {
      begun += 1
    }
    #expect(begun == 4096)
    desk.finish(mac, .success("text"), at: 1)
    #expect(desk.ask(mac, at: 1) == .script("text"))
    // Those whose work never ended make room.
    #expect(desk.ask(MACAddress(value: 20_000), at: 61) == .begin)
  }
}
