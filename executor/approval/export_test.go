package approval

import (
	"encoding/pem"

	"golang.org/x/crypto/ssh"
)

func armour(b sigBlob) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: sigArmor, Bytes: append([]byte(sigMagic), ssh.Marshal(b)...)})
}
