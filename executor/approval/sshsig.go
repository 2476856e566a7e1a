package approval

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Namespace is what the signatures are for: one that was made for something
// else, as for a commit or a file, is no approval.
const Namespace = "provision-approval"

// The words of OpenSSH's PROTOCOL.sshsig.
const (
	sigMagic   = "SSHSIG"
	sigVersion = 1
	sigArmor   = "SSH SIGNATURE"
	sigHash    = "sha512"
	maxSig     = 64 << 10 // bytes; a signature has less than 2,000
)

// ErrBadSignature says that the signature is not one of these bytes.
var ErrBadSignature = errors.New("the signature does not hold")

// sigBlob is what the armour holds, after the magic.
type sigBlob struct {
	Version   uint32
	PublicKey string
	Namespace string
	Reserved  string
	Hash      string
	Signature string
}

// sigMessage is what is signed, after the magic.
type sigMessage struct {
	Namespace string
	Reserved  string
	Hash      string
	Digest    string
}

// Sign signs the bytes of a statement. The result is the content of a signature
// file as "ssh-keygen -Y sign -n provision-approval" writes it.
func Sign(message []byte, key ssh.Signer) ([]byte, error) {
	digest := sha512.Sum512(message)
	signed := signedBytes(Namespace, sigHash, digest[:])
	algorithm := key.PublicKey().Type()
	if algorithm == ssh.KeyAlgoRSA {
		algorithm = ssh.KeyAlgoRSASHA512 // PROTOCOL.sshsig forbids SHA-1
	}
	sig, err := signWith(key, signed, algorithm)
	if err != nil {
		return nil, fmt.Errorf("sign approval: %w", err)
	}
	if !goodFormat(sig.Format) {
		return nil, fmt.Errorf("sign approval: a key of type %s is too weak or not known", sig.Format)
	}
	blob := append([]byte(sigMagic), ssh.Marshal(sigBlob{
		Version: sigVersion, PublicKey: string(key.PublicKey().Marshal()), Namespace: Namespace, Hash: sigHash,
		Signature: string(ssh.Marshal(sig)),
	})...)
	return pem.EncodeToMemory(&pem.Block{Type: sigArmor, Bytes: blob}), nil
}

func signWith(key ssh.Signer, data []byte, algorithm string) (*ssh.Signature, error) {
	if as, ok := key.(ssh.AlgorithmSigner); ok {
		return as.SignWithAlgorithm(rand.Reader, data, algorithm)
	}
	return key.Sign(rand.Reader, data)
}

// signer checks that a signature is one of the message, in our namespace, and
// gives the key that made it. Whose key that is it does not know.
func signer(message, armored []byte) (ssh.PublicKey, error) {
	blob, err := readSignature(armored)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	if blob.Namespace != Namespace {
		return nil, fmt.Errorf("%w: it was made for %q, not for %q", ErrBadSignature, blob.Namespace, Namespace)
	}
	key, err := ssh.ParsePublicKey([]byte(blob.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("%w: read its key: %w", ErrBadSignature, err)
	}
	var sig ssh.Signature
	if err := ssh.Unmarshal([]byte(blob.Signature), &sig); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	if !goodFormat(sig.Format) {
		return nil, fmt.Errorf("%w: it is of type %s, which is too weak or not known", ErrBadSignature, sig.Format)
	}
	var digest []byte
	switch blob.Hash {
	case "sha512":
		sum := sha512.Sum512(message)
		digest = sum[:]
	case "sha256":
		sum := sha256.Sum256(message)
		digest = sum[:]
	default:
		return nil, fmt.Errorf("%w: its hash %q is not known", ErrBadSignature, blob.Hash)
	}
	if err := key.Verify(signedBytes(blob.Namespace, blob.Hash, digest), &sig); err != nil {
		return nil, fmt.Errorf("%w: the approval was changed after it was signed, or the signature is another's", ErrBadSignature)
	}
	return key, nil
}

func signedBytes(namespace, hash string, digest []byte) []byte {
	return append([]byte(sigMagic), ssh.Marshal(sigMessage{Namespace: namespace, Hash: hash, Digest: string(digest)})...)
}

// readSignature takes the armour off.
func readSignature(armored []byte) (sigBlob, error) {
	if len(armored) > maxSig {
		return sigBlob{}, errors.New("it is too large")
	}
	block, rest := pem.Decode(armored)
	if block == nil || block.Type != sigArmor || len(bytes.TrimSpace(rest)) > 0 {
		return sigBlob{}, errors.New("the file is no SSH signature")
	}
	body, ok := bytes.CutPrefix(block.Bytes, []byte(sigMagic))
	if !ok {
		return sigBlob{}, errors.New("the file is no SSH signature")
	}
	var blob sigBlob
	if err := ssh.Unmarshal(body, &blob); err != nil {
		return sigBlob{}, err
	}
	if blob.Version != sigVersion {
		return sigBlob{}, fmt.Errorf("it has the version %d, this program knows %d", blob.Version, sigVersion)
	}
	return blob, nil
}

// goodFormat reports whether signatures of a type may be believed: neither
// DSA's nor those over SHA-1.
func goodFormat(format string) bool {
	switch strings.TrimSpace(format) {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
		ssh.KeyAlgoSKECDSA256, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512:
		return true
	}
	return false
}
