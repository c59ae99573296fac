// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {EpochDisputes} from "../src/EpochDisputes.sol";
import {EpochFaults} from "../src/EpochFaults.sol";
import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {SubjectiveFixture} from "./SubjectiveFixture.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token that can keep a fee, refuse a receiver, or call somebody during a transfer.
contract MoodyToken is ERC20 {
    uint256 public fee;
    address public refused;
    address public called;
    bytes public payload;
    bool public reentered;

    constructor(uint256 supply) ERC20("Moody", "M") {
        _mint(msg.sender, supply);
    }

    function setFee(uint256 fee_) external {
        fee = fee_;
    }

    function refuse(address account) external {
        refused = account;
    }

    function callDuringTransfer(address target, bytes calldata data) external {
        (called, payload) = (target, data);
    }

    function _update(address from, address to, uint256 value) internal override {
        require(to != refused || to == address(0), "refused");
        super._update(from, to, value - fee);
        if (called != address(0)) {
            (address target, bytes memory data) = (called, payload);
            called = address(0);
            (reentered,) = target.call(data);
        }
    }
}

contract EpochDisputesBondsTest is SubjectiveFixture {
    MoodyToken private moody;

    function setUp() public {
        moody = new MoodyToken(SUPPLY);
        _deploySubjectiveWith(moody);
    }

    function test_aBondThatDoesNotArriveWholeIsRefused() public {
        moody.setFee(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEpochDisputes.FeeOnTransfer.selector, CHALLENGER_BOND, CHALLENGER_BOND - 1
            )
        );
        _open();
    }

    function test_aReceiverThatIsRefusedHarmsNobodyElse() public {
        _vote(_open(), 3, 0);
        moody.refuse(CHALLENGER);
        disputes.resolve(1);
        vm.assertTrue(_status() == IRewardsDistributor.EpochStatus.Rejected, "rejected all the same");
        vm.expectRevert(bytes(abi.encodeWithSignature("Error(string)", "refused")));
        vm.prank(CHALLENGER);
        disputes.withdrawBond();
        vm.prank(TREASURY);
        staking.withdrawReward();
        _proposeNext();
        moody.refuse(address(0));
        _vote(_open(), 0, 3);
        moody.refuse(TREASURY);
        disputes.resolve(2);
        vm.prank(CHALLENGER);
        vm.assertEq(disputes.withdrawBond(), CHALLENGER_BOND, "the first bond");
    }

    function test_aTokenThatCallsBackCannotOpenTwiceNorTakeABondTwice() public {
        IEpochFaults.Context memory context = _context();
        moody.callDuringTransfer(address(disputes), abi.encodeCall(disputes.open, (epoch, context, HASH)));
        _open();
        vm.assertTrue(!moody.reentered(), "open");
        vm.assertEq(disputes.disputeCount(), 1, "one dispute");
        _vote(1, 3, 0);
        disputes.resolve(1);
        moody.callDuringTransfer(address(disputes), abi.encodeCall(disputes.withdrawBond, ()));
        vm.prank(CHALLENGER);
        disputes.withdrawBond();
        vm.assertTrue(!moody.reentered(), "withdrawBond");
        vm.assertEq(token.balanceOf(address(disputes)), 0, "nothing too much");
    }

    function test_theStakingMustBeThatOfTheDistributor() public {
        AgentStaking other = new AgentStaking(address(access), token, STAKE_THAW, TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.InvalidSetting.selector, bytes32("staking")));
        new EpochDisputes(address(access), rewards, other, ledger, models, _settings());
    }

    function test_faultsNeedAllTheirSources() public {
        vm.expectRevert(IEpochFaults.ZeroAddress.selector);
        new EpochFaults(IRewardsDistributor(address(0)), ledger, models);
        vm.expectRevert(IEpochFaults.ZeroAddress.selector);
        new EpochFaults(rewards, IInferenceLedger(address(0)), models);
        vm.expectRevert(IEpochFaults.ZeroAddress.selector);
        new EpochFaults(rewards, ledger, IModelRegistry(address(0)));
    }
}
