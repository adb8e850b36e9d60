// Package token makes and reads the tokens of service accounts: JSON Web Tokens such as a real cluster's, signed with ES256.
//
// The one thing people get wrong: a good signature says that a token was given out, not that it still holds. Whether its
// account, and the pod that it is bound to, still exist is for the caller to see.
//
//	issuer := token.New(seed)
//	text, err := issuer.Sign(token.Claims{Subject: "system:serviceaccount:default:crane", ...})
//	claims, err := issuer.Read(text)
//
// The key follows from the seed, and signatures are deterministic (RFC 6979): the same claims make the same token. So it
// is a secret to nobody, and protects nothing.
package token
