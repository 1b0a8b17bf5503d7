package io.lockstep.load;

/**
 * Where a node can be reached.
 *
 * @param database the node's database, for backend connections of any gateway
 * @param proxyProtocol whether that database takes the client's address by the proxy protocol
 * @param mysql the node's MySQL gateway
 * @param http the node's HTTP gateway
 */
public record Endpoints(Endpoint database, boolean proxyProtocol, Endpoint mysql, Endpoint http) {}
