/// Datagram: the filter as a program for the kernel.

import Wire

extension CaptureFilter {
  /// For frames with an Ethernet header. The kernel took one VLAN tag out of them already; a second
  /// and a third are looked for here.
  package var program: FilterProgram {
    var program = FilterProgram(snapLength: UInt32(clamping: snapLength))
    let machines = machines.prefix(Self.mostMachines)
    if machines.isEmpty {
      boots(type: 12, tags: 2, &program)
    } else {
      for start in [6, 0] {
        program.load(.word, at: start + 2)
        for machine in machines {
          program.when(equal: UInt32(truncatingIfNeeded: machine.value)) { program in
            program.load(.half, at: start)
            program.accept(ifEqual: UInt32(truncatingIfNeeded: machine.value >> 32))
            program.load(.word, at: start + 2)
          }
        }
      }
      namesMachine(machines, type: 12, tags: 2, &program)
    }
    program.refuse()
    return program
  }

  /// The Ethernet type stands at `type`.
  private func boots(type: Int, tags: Int, _ program: inout FilterProgram) {
    program.load(.half, at: type)
    program.accept(ifEqual: 0x0806)
    program.when(equal: 0x0800) { ipv4(at: type + 2, &$0) }
    program.when(equal: 0x86dd) { ipv6(at: type + 2, &$0) }
    guard tags > 0 else { return }
    for tag in [0x8100, 0x88a8] as [UInt32] {
      program.when(equal: tag) { program in
        boots(type: type + 4, tags: tags - 1, &program)
        program.refuse()
      }
    }
  }

  private func ipv4(at start: Int, _ program: inout FilterProgram) {
    program.load(.half, at: start + 6)
    program.when(anyBitOf: 0x1fff) { program in
      program.load(.byte, at: start + 9)
      program.accept(ifEqual: 17)
      program.refuse()
    }
    program.indexHeaderLength(at: start)
    program.load(.byte, at: start + 9)
    program.when(equal: 1) { program in
      program.load(.byte, indexed: start)
      program.accept(ifAnyOf: [3, 5, 11, 12])
      program.refuse()
    }
    transport(at: start, &program)
  }

  private func ipv6(at start: Int, _ program: inout FilterProgram) {
    program.index(40)
    program.load(.byte, at: start + 6)
    program.accept(ifEqual: 44)
    program.when(equal: 58) { program in
      program.load(.byte, indexed: start)
      // Errors; routers and neighbours.
      program.accept(ifAnyOf: [1, 2, 3, 4, 133, 134, 135, 136])
      program.refuse()
    }
    transport(at: start, &program)
  }

  /// The index is the IP header's length, the accumulator its protocol.
  private func transport(at start: Int, _ program: inout FilterProgram) {
    program.when(equal: 6) { program in
      for port in [0, 2] {
        program.load(.half, indexed: start + port)
        for tcpPort in tcpPorts {
          program.when(equal: UInt32(tcpPort)) { tcp(at: start, &$0) }
        }
      }
      program.refuse()
    }
    program.when(equal: 17) { program in
      for port in [0, 2] {
        program.load(.half, indexed: start + port)
        program.accept(ifAnyOf: udpPorts)
      }
      for port in [0, 2] {
        program.load(.half, indexed: start + port)
        program.refuse(ifBelow: 1024)
      }
      // DATA, ERROR, OACK; an ACK is four bytes long, and its datagram twelve.
      program.load(.half, indexed: start + 8)
      program.accept(ifAnyOf: [5, 6])
      if leavesOutBulk { program.refuse() }
      program.accept(ifEqual: 3)
      program.when(equal: 4) { program in
        program.load(.half, indexed: start + 4)
        program.accept(ifEqual: 12)
      }
      program.refuse()
    }
    program.refuse()
  }

  /// A segment of a port that is ours to hear. Heads are looked for behind a TCP header without options
  /// and behind one with timestamps; a load behind the frame's end refuses it.
  private func tcp(at start: Int, _ program: inout FilterProgram) {
    guard leavesOutBulk else { return program.accept() }
    program.load(.byte, indexed: start + 13)
    // RST, SYN, FIN.
    program.when(anyBitOf: 0x07) { $0.accept() }
    for header in [20, 32] {
      program.load(.word, indexed: start + header)
      for word in ["GET ", "HEAD", "POST", "HTTP"] {
        program.accept(ifEqual: word.utf8.reduce(0) { $0 << 8 | UInt32($1) })
      }
    }
    program.refuse()
  }

  /// DHCP messages with one of the machines in `chaddr`, 28 bytes behind the UDP header.
  private func namesMachine(
    _ machines: ArraySlice<MACAddress>, type: Int, tags: Int, _ program: inout FilterProgram
  ) {
    program.load(.half, at: type)
    program.when(equal: 0x0800) { program in
      let start = type + 2
      program.load(.byte, at: start + 9)
      program.when(equal: 17) { program in
        program.indexHeaderLength(at: start)
        program.load(.word, indexed: start + 8 + 28)
        for machine in machines {
          program.when(equal: UInt32(truncatingIfNeeded: machine.value >> 16)) { program in
            program.load(.half, indexed: start + 8 + 32)
            program.accept(ifEqual: UInt32(machine.value & 0xffff))
            program.load(.word, indexed: start + 8 + 28)
          }
        }
      }
      program.refuse()
    }
    guard tags > 0 else { return }
    for tag in [0x8100, 0x88a8] as [UInt32] {
      program.when(equal: tag) { program in
        namesMachine(machines, type: type + 4, tags: tags - 1, &program)
        program.refuse()
      }
    }
  }
}
