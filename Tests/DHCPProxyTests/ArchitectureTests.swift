/// Tests of DHCPProxy: option 93.

import Testing

@testable import DHCPProxy

@Suite struct ArchitectureTests {
  @Test func theRegistryIsWhole() {
    #expect(Architecture.registry.map(\.code) == Array(0...41))
    for code in 0...41 as ClosedRange<UInt16> {
      let architecture = Architecture(rawValue: code)
      #expect(architecture.isKnown)
      #expect(architecture.platform.platform == architecture.platform)
      #expect(architecture.platform.instructionSet == architecture.instructionSet)
    }
    #expect(Set(Architecture.registry.map(\.name)).count == 42)
    #expect(!Architecture(rawValue: 42).isKnown)
    #expect(Architecture(rawValue: 42).description == "architecture 42")
    #expect(Architecture(rawValue: 65_535).platform == Architecture(rawValue: 65_535))
  }

  @Test(
    arguments: [
      (.uefiEBC, .uefiX64, .x64, .uefiPXE), (.httpX64, .uefiX64, .x64, .uefiHTTP),
      (.httpEBC, .uefiX64, .x64, .uefiHTTP), (.httpARM64, .uefiARM64, .arm64, .uefiHTTP),
      (.httpRISCV64, .uefiRISCV64, .riscv64, .uefiHTTP),
      (.httpLoongArch64, .uefiLoongArch64, .loong64, .uefiHTTP),
      (Architecture(rawValue: 20), .bios, .bios, .biosHTTP),
      (Architecture(rawValue: 24), .uBootARM64, .arm64, .uBootHTTP),
    ] as [(Architecture, Architecture, Architecture.InstructionSet, Architecture.BootMethod)])
  func whatDiffersByTheWayOfFetchingIsOnePlatform(
    _ code: Architecture, _ platform: Architecture, _ set: Architecture.InstructionSet,
    _ method: Architecture.BootMethod
  ) {
    #expect(code.platform == platform)
    #expect(code.instructionSet == set)
    #expect(code.bootMethod == method)
  }

  @Test func theFirstKnownCodeCounts() {
    #expect(Architecture(option93: [0, 99, 0, 7]) == .uefiX64)
    #expect(Architecture(option93: [0, 11, 0, 7]) == .uefiARM64)
    #expect(Architecture(option93: [0, 99, 0, 98]) == Architecture(rawValue: 99))
    for odd in [[], [7], [0, 7, 0]] as [[UInt8]] {
      #expect(Architecture(option93: odd[...]) == nil)
    }
  }

  @Test func theTextOfOption60TellsToo() {
    #expect(Architecture(vendorClass: "PXEClient:Arch:00007:UNDI:003000") == .uefiX64)
    for text in ["PXEClient", "PXEClient:Arch", "PXEClient:Arch:", "PXE:Arch:99999", "Arch:x"] {
      #expect(Architecture(vendorClass: text) == nil)
    }
  }
}
