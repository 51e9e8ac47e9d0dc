package skarb.node.index;

import skarb.v1.UserValue;

/// A user.
///
/// @param userId the canonical id
/// @param user what it is
public record UserRow(String userId, UserValue user) {}
