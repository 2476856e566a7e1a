package approval

import (
	"crypto"
	"encoding/pem"

	"golang.org/x/crypto/ssh"
)

func armour(b sigBlob) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: sigArmor, Bytes: append([]byte(sigMagic), ssh.Marshal(b)...)})
}

func encodePEM(b *pem.Block) []byte { return pem.EncodeToMemory(b) }

func anyKey(key any) crypto.PrivateKey { return key }
