/// Who may do what.
///
/// In: the head of a call, and the rows of users and access keys. Out: a [skarb.node.access.Caller]
/// or a typed refusal. First to read: [skarb.node.access.Authorizer], then
/// [skarb.node.access.MethodRoles], the one table.
///
/// Secrets live here and nowhere else: [skarb.node.access.NodeSecrets] reads the files that hold
/// keys, [skarb.node.access.SecretBox] seals what lies in rows,
/// [skarb.node.access.SignatureVerifier] is the one place that opens a secret to use it. No locks,
/// no threads; nothing is cached.
@NullMarked
package skarb.node.access;

import org.jspecify.annotations.NullMarked;
