package rcsim_test

import (
	"testing"

	"provision/rcclient/rcsim"
)

func benchSim(b *testing.B, options rcsim.Options) *sim {
	b.Helper()
	account, _, err := rcsim.Generate(rcsim.GenerateOptions{Extensions: 10_000, DevicesPerExtension: 1, ERLs: 100, ERLRegime: true, Mix: rcsim.Mix{Emergency: 100}})
	if err != nil {
		b.Fatal(err)
	}
	account.Settings.Limits = map[string]rcsim.Limit{"light": {Limit: 1e9}, "medium": {Limit: 1e9}, "heavy": {Limit: 1e9}}
	options.Account = account
	return bareSim(b, options)
}

func BenchmarkUpdateDevice(b *testing.B) {
	s := benchSim(b, rcsim.Options{})
	id := string(s.Snapshot().Devices[0].ID)
	names := []string{`{"name":"A"}`, `{"name":"B"}`}
	i := 0
	for b.Loop() {
		s.put(v1+"/device/"+id, names[i%2])
		i++
	}
}

func BenchmarkReadDevice(b *testing.B) {
	s := benchSim(b, rcsim.Options{})
	id := string(s.Snapshot().Devices[0].ID)
	for b.Loop() {
		s.device(id)
	}
}

// BenchmarkListDevices reads pages of 1000 of 10,000 devices.
func BenchmarkListDevices(b *testing.B) {
	for name, full := range map[string]bool{"sampled": false, "full": true} {
		b.Run(name, func(b *testing.B) {
			s := benchSim(b, rcsim.Options{FullContract: full})
			for b.Loop() {
				s.get(v1 + "/device?perPage=1000&page=5")
			}
		})
	}
}

// BenchmarkOpenState loads a state of 10,000 devices.
func BenchmarkOpenState(b *testing.B) {
	path := b.TempDir() + "/s.state"
	s := benchSim(b, rcsim.Options{StateFile: path})
	s.shut()
	for b.Loop() {
		bareSimNoSignIn(b, rcsim.Options{StateFile: path}).shut()
	}
}
