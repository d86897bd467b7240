# Fino: set-up, build, test, run. Everything that is installed is a Debian package, by name.

# To compile: the boot loaders that go into the executable, SQLite and zlib.
BUILD_PACKAGES = ipxe libsqlite3-dev zlib1g-dev
# To test and to rehearse: firmware, a DHCP server, a BMC, clients.
LAB_PACKAGES = bash binutils busybox-static curl dnsmasq-base file freeipmi-tools grub-common grub-efi-amd64-signed iproute2 \
  ipmitool ipxe ipxe-qemu isc-dhcp-relay isc-dhcp-server kea-dhcp4-server libvirt-clients libvirt-daemon \
  libvirt-daemon-driver-qemu mtools nftables openipmi openssl ovmf ovmf-ia32 python3 python3-venv qemu-efi-aarch64 \
  qemu-system-arm qemu-system-x86 seabios shim-signed tcpdump tshark util-linux vde2
# To measure beside.
BENCH_PACKAGES = nginx-light tftpd-hpa
# In tests and benchmarks only: references and peers.
PYTHON_PACKAGES = Flask==3.1.3 gunicorn==27.0.1 Jinja2==3.1.6 pyghmi==1.6.19 pyvmomi==9.1.1.0 \
  schemathesis==4.32.5 sushy-tools==2.2.0
PYTHON = $(CURDIR)/.build/venv/bin/python

SWIFT = swift
# What the linker says of every static executable with name look-ups in it; see Package.swift.
QUIET = 2>&1 | grep -vE "warning: Using '|the use of .mktemp. is dangerous"; exit $${PIPESTATUS[0]}
SHELL = /bin/bash
STAMPS = .build/stamps

.PHONY: build serve demo test bench fuzz lint packages lab-packages bench-packages python-packages clean

build: packages ## .build/release/fino, one static file
	$(SWIFT) build -c release --product fino $(QUIET)

serve: build ## set up and run the appliance
	.build/release/fino serve $(ARGS)

demo: build lab-packages ## a boot and a reimage on a virtual machine, in namespaces of its own
	.build/release/fino rehearse

test: packages lab-packages python-packages ## every test, on a debug build
	$(MAKE) --no-print-directory lint
	$(SWIFT) build --build-tests $(QUIET)
	@echo "Four runs: what compares thousands of cases keeps every core busy, and so do virtual machines;"
	@echo "what talks to sockets in between has time limits that are real, and foreign programs are waited for"
	@echo "one after the other."
	FINO_PYTHON=$(PYTHON) $(SWIFT) test --skip-build --filter 'JinjaTests|DHCPProxyTests'
	$(SWIFT) test --skip-build --skip JinjaTests --skip DHCPProxyTests --skip LabTests --skip $(FOREIGN)
	FINO_PYTHON=$(PYTHON) $(SWIFT) test --skip-build --no-parallel --filter $(FOREIGN)
	FINO_PYTHON=$(PYTHON) $(SWIFT) test --skip-build --filter LabTests

# Tests that wait for BMC simulators, libvirt, and clients of theirs.
FOREIGN = 'IPMITests|PowerTests|HTTPBootTests'

bench: build lab-packages bench-packages python-packages ## Fino beside its peers: medians and ratios
	$(SWIFT) build -c release --product fino-bench $(QUIET)
	@mkdir -p .build/bench
	FINO_PYTHON=$(PYTHON) .build/release/fino-bench all --json .build/bench/bench.json \
	  --chart .build/bench/bench.svg $(ARGS)

# What libFuzzer finds in MINUTES, TARGET's first inputs being what our captures hold.
TARGET = dhcp
MINUTES = 5
fuzz: ## the decoders of what anybody may send, under libFuzzer
	FINO_FUZZING=1 $(SWIFT) build -c release --scratch-path .build-fuzz --product fino-fuzz \
	  -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld -Xswiftc -enable-testing
	python3 Fuzzing/corpus.py $(TARGET) .build/fuzz/$(TARGET)/corpus Fixtures/captures/*.pcap Fixtures/captures/faults/*.pcap
	FUZZ_TARGET=$(TARGET) .build-fuzz/release/fino-fuzz -max_total_time=$$(( $(MINUTES) * 60 )) \
	  -max_len=4096 -artifact_prefix=.build/fuzz/$(TARGET)/ .build/fuzz/$(TARGET)/corpus

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Fixtures Fuzzing Benchmarks

packages: $(STAMPS)/build
lab-packages: $(STAMPS)/lab
bench-packages: $(STAMPS)/bench
python-packages: $(STAMPS)/python

$(STAMPS)/build: Makefile
	$(call install,$(BUILD_PACKAGES))
$(STAMPS)/lab: Makefile
	$(call install,$(LAB_PACKAGES))
$(STAMPS)/bench: Makefile
	$(call install,$(BENCH_PACKAGES))

$(STAMPS)/python: Makefile $(STAMPS)/lab
	python3 -m venv .build/venv
	.build/venv/bin/pip install --quiet --disable-pip-version-check $(PYTHON_PACKAGES)
	@mkdir -p $(@D) && touch $@

# Installs what is missing, and nothing when all is there. The DHCP servers and relays among the
# packages are started by the tests alone, in networks of their own: never by the installation.
define install
	@missing=$$(for p in $(1); do dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null \
	  | grep -qx installed || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing Debian packages:" $$missing; \
	  policy=/usr/sbin/policy-rc.d; \
	  if [ ! -e $$policy ]; then trap "rm -f $$policy" EXIT; \
	    printf '#!/bin/sh\nexit 101\n' > $$policy; chmod +x $$policy; fi; \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -q --no-install-recommends $$missing; \
	fi
	@mkdir -p $(@D) && touch $@
endef

clean:
	rm -rf .build
